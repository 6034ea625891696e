"""Forms: form-js schemas (schemaVersion 19) read once, and data judged on the server as the browser judges it."""
