"""Texts made of facts (`rendering`), the gate's answer to what is about to be sent (`gate`), the queue (`queue`)."""
