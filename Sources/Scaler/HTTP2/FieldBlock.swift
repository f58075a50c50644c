internal import CNGHTTP2

/// Header fields in the form in which nghttp2 takes them: one run of bytes and where each field lies in it.
struct FieldBlock: Sendable {
  private struct Field: Sendable {
    let start: Int
    let nameLength: Int
    let valueLength: Int
  }

  private var bytes: [UInt8] = []
  private var fields: [Field] = []

  /// Fields in their order; names are lower case, as HTTP/2 wants them (RFC 9113, section 8.2).
  init(_ fields: [(String, String)]) {
    for (name, value) in fields { add(name, value) }
  }

  mutating func add(_ name: String, _ value: String) {
    fields.append(Field(start: bytes.count, nameLength: name.utf8.count, valueLength: value.utf8.count))
    bytes += name.utf8
    bytes += value.utf8
  }

  /// Lends the fields; nghttp2 copies what it keeps.
  func withNative<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      let base = unsafe UnsafeMutablePointer(mutating: buffer.baseAddress)
      let native = unsafe fields.map { field in
        unsafe nghttp2_nv(
          name: base.map { unsafe $0 + field.start }, value: base.map { unsafe $0 + field.start + field.nameLength },
          namelen: field.nameLength, valuelen: field.valueLength, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
      }
      return unsafe native.withUnsafeBufferPointer { unsafe body($0.baseAddress, $0.count) }
    }
  }
}
