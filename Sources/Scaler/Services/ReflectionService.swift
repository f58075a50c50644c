internal import SwiftProtobuf

/// `grpc.reflection`: tells a client such as grpcurl what is served, in the versions v1 and v1alpha, which differ in name only.
struct ReflectionService: Sendable {
  private typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
  private typealias Response = Grpc_Reflection_V1_ServerReflectionResponse

  private static let services = [
    "externalscaler.ExternalScaler", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
  ]

  private let files = DescriptorFiles()

  func methods(_ metrics: ScalerMetrics) -> [GRPCMethod] {
    ["v1", "v1alpha"].map { version in
      GRPCMethod(
        "/grpc.reflection.\(version).ServerReflection/ServerReflectionInfo", metrics,
        .exchange { bytes throws(GRPCStatus) in try answer(bytes) })
    }
  }

  private func answer(_ bytes: [UInt8]) throws(GRPCStatus) -> [UInt8] {
    let request = try Request(request: bytes)
    var response = Response()
    response.validHost = request.host
    response.originalRequest = request
    switch request.messageRequest {
    case .listServices:
      var list = Grpc_Reflection_V1_ListServiceResponse()
      list.service = Self.services.map { name in .with { $0.name = name } }
      response.listServicesResponse = list
    case .fileByFilename(let name): return try file(files.byName[name], "file \(name)", response)
    case .fileContainingSymbol(let symbol): return try file(files.containing(symbol), "symbol \(symbol)", response)
    case .allExtensionNumbersOfType(let type):
      guard files.containing(type) != nil else { return try error(.notFound, "type \(type) is not known", response) }
      response.allExtensionNumbersResponse = .with { $0.baseTypeName = type }
    case .fileContainingExtension: return try error(.notFound, "there are no extensions", response)
    case nil: return try error(.invalidArgument, "the request asks for nothing that is known", response)
    }
    return try response.answer()
  }

  /// Adds the field `file_descriptor_response` (number 4) with one descriptor (number 1) to the written answer.
  ///
  /// Written here because the generated type of a field of bytes is Foundation's, which this target does without.
  private func file(_ descriptor: [UInt8]?, _ subject: String, _ response: Response) throws(GRPCStatus) -> [UInt8] {
    guard let descriptor else { return try error(.notFound, "\(subject) is not known", response) }
    let inner = [1 << 3 | 2] + Self.varint(descriptor.count) + descriptor
    return try response.answer() + [4 << 3 | 2] + Self.varint(inner.count) + inner
  }

  private func error(_ code: GRPCStatus.Code, _ message: String, _ response: Response) throws(GRPCStatus) -> [UInt8] {
    var response = response
    response.errorResponse = .with {
      $0.errorCode = Int32(code.rawValue)
      $0.errorMessage = message
    }
    return try response.answer()
  }

  private static func varint(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
