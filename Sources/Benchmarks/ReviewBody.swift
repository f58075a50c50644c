import Glibc

/// A review that is measured, as the bytes that the API server sends.
struct ReviewBody {
  /// The file's name without its ending.
  let name: String
  /// The path that it is sent to.
  let path: String
  let bytes: [UInt8]

  /// The reviews that `deploy/bench` sends too.
  static func load(from folder: String) throws(BenchmarkFailure) -> [ReviewBody] {
    var bodies: [ReviewBody] = []
    for (name, path) in [
      ("pod-hostport", "/mutate-v1-pod"), ("pod-plain", "/mutate-v1-pod"),
      ("gameserverset", "/validate-v1alpha1-gss"),
    ] {
      bodies.append(ReviewBody(name: name, path: path, bytes: try read("\(folder)/\(name).review.json")))
    }
    return bodies
  }

  /// The bytes of a file.
  static func read(_ path: String) throws(BenchmarkFailure) -> [UInt8] {
    guard let file = unsafe fopen(path, "rb") else {
      throw BenchmarkFailure(
        "\(path) cannot be read; run from the root of the repository, or name the folder with --bodies")
    }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// Why nothing can be measured.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
