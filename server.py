"""ASGI entry point: `uvicorn server:app` serves Gatescope with low latency."""

import streamlit as st

app = st.App("app.py")
