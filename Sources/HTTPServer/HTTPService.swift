/// HTTP/1.1 as the protocol of an endpoint.
struct HTTPService: StreamService {
  private let router: Router

  /// Serves a router's paths.
  init(_ router: Router) {
    self.router = router
  }

  /// Makes the protocol of one connection.
  func makeHandler(_ context: ConnectionContext<HTTP1Handler>) -> HTTP1Handler {
    HTTP1Handler(router: router, context: context)
  }
}
