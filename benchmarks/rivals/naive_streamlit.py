"""The page that a tutorial leads to: a slider, six Plotly heatmaps, nothing tuned.

Started with plain `streamlit run` from an empty folder, so that every option has its default.
"""

import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from recurrent_core import Experiment, simulate

st.set_page_config(layout="wide")
memory = st.slider("Memory", -5.0, 7.0, 3.0, 0.1)
experiment = Experiment(network="lstm", memory=memory, units=32, steps=100)
vectors = simulate(experiment).recording.vectors._asdict()

figure = make_subplots(rows=6, cols=1, shared_xaxes=True, subplot_titles=list(vectors))
for row, (name, vector) in enumerate(vectors.items(), start=1):
    low = -1 if name in "gch" else 0
    figure.add_trace(go.Heatmap(z=vector[:, 0].T, zmin=low, zmax=1, showscale=False), row=row, col=1)
figure.update_layout(title=f"Memory {memory:.1f}", width=1000, height=700)
st.plotly_chart(figure, width="content")
