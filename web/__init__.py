"""The Flask front end: a request comes in, results go out as HTML or JSON."""
