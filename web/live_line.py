"""Websockets on the wire: uvicorn's own, which a page that is just leaving must not hinder in stopping."""

from __future__ import annotations

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class LiveLine(WebSocketsSansIOProtocol):
    """A connection that is already ending is left to end.

    uvicorn (0.54) would answer the browser's close with a second one if the server is stopped between that and the end
    of the connection: `InvalidState` comes out of `Server.shutdown`, other pages are not told to come again and the
    app's parts stay open.
    """

    def shutdown(self) -> None:
        """Tell the browser that the server stops, unless nobody is there any more."""
        if not self.transport.is_closing():
            super().shutdown()
