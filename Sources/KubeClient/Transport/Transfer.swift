import CCurl

/// One request on its way: curl's handle and all that curl keeps pointers to.
///
/// Made, used and freed on the transport's thread only.
@safe final class Transfer {
  // Safe because the handle, the lists and the text are made by the initialiser and freed together in deinit, the handle first; its
  // callbacks run only on the thread that holds the transfer.
  /// curl's handle.
  let easy: UnsafeMutableRawPointer
  let sink: any TransferSink
  private var head = ResponseHead()
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var addressList: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>
  private(set) var isTooLarge = false
  private var isHeadWhole = false

  init?(_ call: HTTPCall, _ endpoint: Endpoint, _ sink: any TransferSink) {
    guard let easy = unsafe curl_easy_init() else { return nil }
    unsafe self.easy = unsafe easy
    self.sink = sink
    // CURL_ERROR_SIZE is 256, the terminator included.
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    var options = unsafe CurlOptions(easy)
    options.set(call, endpoint)
    options.set(endpoint, identity: call.identity)
    for header in call.headers + [endpoint.hostHeader].compactMap(\.self) {
      unsafe headerList = curl_slist_append(headerList, header)
    }
    unsafe _ = curl_shim_set_list(easy, CURLOPT_HTTPHEADER, headerList)
    if let address = endpoint.connectTo {
      unsafe addressList = curl_slist_append(nil, address)
      unsafe _ = curl_shim_set_list(easy, CURLOPT_CONNECT_TO, addressList)
    }
    unsafe _ = curl_shim_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    unsafe setReceivers()
  }

  deinit {
    unsafe curl_easy_cleanup(easy)
    unsafe curl_slist_free_all(headerList)
    unsafe curl_slist_free_all(addressList)
    unsafe errorText.deallocate()
  }

  /// What curl's result means.
  func failure(_ result: CURLcode) -> TransferFailure? {
    guard result != CURLE_OK else { return nil }
    let detail = unsafe String(cString: errorText)
    let reason = unsafe detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
    return TransferFailure(code(result), reason)
  }

  private func code(_ result: CURLcode) -> TransferFailure.Code {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
      CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
      .notConnected
    case CURLE_OPERATION_TIMEDOUT: .timedOut
    case CURLE_WRITE_ERROR: isTooLarge ? .tooLarge : .broken
    default: .broken
    }
  }

  /// The callbacks get an unretained pointer to the transfer, which outlives its handle.
  @unsafe private func setReceivers() {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe _ = curl_shim_set_pointer(easy, CURLOPT_HEADERDATA, context)
    unsafe _ = curl_shim_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
      guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
      let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
      unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        .takeHeader(String(decoding: buffer, as: UTF8.self))
      return count
    }
    unsafe _ = curl_shim_set_pointer(easy, CURLOPT_WRITEDATA, context)
    unsafe _ = curl_shim_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
      guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
      let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: count).bindMemory(to: UInt8.self)
      let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return unsafe transfer.takeBody(buffer.span)
    }
  }

  private func takeHeader(_ line: String) {
    if head.take(line: line) {
      isHeadWhole = true
      sink.received(head)
    } else if isHeadWhole {
      // No empty line ends the trailers, so each of them is news.
      sink.received(trailersIn: head)
    }
  }

  /// Answers curl's write callback: any other number than `bytes.count` ends the transfer.
  private func takeBody(_ bytes: Span<UInt8>) -> Int {
    switch sink.received(bytes) {
    case .goOn: return bytes.count
    case .pause: return Int(curl_shim_pause())
    case .stop:
      isTooLarge = true
      return 0
    }
  }
}
