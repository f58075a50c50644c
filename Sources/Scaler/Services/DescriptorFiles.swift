internal import SwiftProtobuf

/// The descriptors of the served files, found by file and by what they declare.
struct DescriptorFiles: Sendable {
  /// A file's descriptor as it goes to clients, by the file's name.
  private(set) var byName: [String: [UInt8]] = [:]
  private var bySymbol: [String: [UInt8]] = [:]

  init() {
    for (file, hex) in DescriptorBytes.all {
      guard let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: Self.bytes(hex)),
        let descriptor = set.file.first, let bytes: [UInt8] = try? descriptor.serializedBytes()
      else { preconditionFailure("the descriptor of \(file) is broken: generate it again") }
      byName[file] = bytes
      for symbol in Self.symbols(of: descriptor) { bySymbol[symbol] = bytes }
    }
  }

  /// The file that declares a service, method, message or enumeration, named in full.
  func containing(_ symbol: String) -> [UInt8]? { bySymbol[symbol] }

  private static func symbols(of file: Google_Protobuf_FileDescriptorProto) -> [String] {
    func full(_ parts: String...) -> String { ([file.package] + parts).joined(separator: ".") }
    var symbols = file.enumType.map { full($0.name) }
    for service in file.service {
      symbols += [full(service.name)] + service.method.map { full(service.name, $0.name) }
    }
    for message in file.messageType {
      symbols += [full(message.name)] + message.enumType.map { full(message.name, $0.name) }
      symbols += message.nestedType.map { full(message.name, $0.name) }
    }
    return symbols
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).map { $0 < UInt8(ascii: "a") ? $0 - UInt8(ascii: "0") : $0 - UInt8(ascii: "a") + 10 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
