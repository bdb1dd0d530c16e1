FROM python:3.11-slim

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
# Publish the browser's files now, so that the app runs as a user who may not write.
RUN python -c "from ui.components.assets import publish; publish()" && useradd --system gatescope
USER gatescope

ENV OPENBLAS_NUM_THREADS=1
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"
CMD ["python", "-m", "uvicorn", "server:app", "--host", "0.0.0.0", "--port", "8501", "--no-access-log", \
     "--ws-per-message-deflate", "false"]
