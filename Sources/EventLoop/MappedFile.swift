internal import Glibc

/// Where parts of files are mapped into this process.
enum MappedFile {
  /// The mappings of the process, from proc_pid_smaps(5).
  static func readMappings() -> String {
    // Some 200 mappings with 24 lines of 30 bytes each; what finds no room is not forgotten, which does no harm.
    var bytes = [UInt8](repeating: 0, count: 512 * 1024)
    let descriptor = unsafe open("/proc/self/smaps", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var count = 0
    while count < bytes.count {
      let room = count
      let more = unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe read(descriptor, bytes.baseAddress.map { unsafe $0 + room }, bytes.count - room)
      }
      guard more > 0 else { break }
      count += more
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// The ranges whose pages are those of their files: private ones that may not be written and have no page of their own.
  ///
  /// Constants that were relocated have such pages, and those are nowhere else.
  static func unchanged(in mappings: String) -> [Range<UInt>] {
    var ranges: [Range<UInt>] = []
    var candidate: Range<UInt>?
    for line in mappings.utf8.split(separator: UInt8(ascii: "\n")) {
      let fields = Substring(line).split(separator: " ", omittingEmptySubsequences: true)
      guard let first = fields.first else { continue }
      if first == "Anonymous:" {
        if let range = candidate, fields.count > 1, fields[1] == "0" { ranges.append(range) }
        candidate = nil
      } else if !first.hasSuffix(":") {
        candidate = fileRange(fields)
      }
    }
    return ranges
  }

  /// The range of a mapping's head line; nil where it is none of a file, or may be written.
  private static func fileRange(_ fields: [Substring]) -> Range<UInt>? {
    guard fields.count >= 6, fields[1] == "r-xp" || fields[1] == "r--p", fields[5].hasPrefix("/") else { return nil }
    let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
  }
}
