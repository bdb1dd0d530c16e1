"""The browser parts: plain JavaScript modules behind Streamlit components (v2)."""
