internal import Foundation

/// A new, empty folder of this test alone, removed with everything in it when the value goes away.
public struct TemporaryDirectory: ~Copyable, Sendable {
  /// The folder's absolute path.
  public let path: String

  /// Makes the folder, below the system's folder for such.
  ///
  /// - Throws: what `Foundation` throws when it cannot be made.
  public init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "gatehouse-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of `name` in the folder, whether or not it exists.
  public func file(_ name: String) -> String {
    "\(path)/\(name)"
  }

  /// Writes a file, by way of another name, so that a reader sees the old or the new contents; returns its path.
  @discardableResult
  public func write(_ name: String, _ contents: [UInt8]) throws -> String {
    let target = URL(filePath: file(name))
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(contents).write(to: target, options: .atomic)
    return target.path
  }

  /// Writes a file of text; returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Reads a file.
  public func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: file(name))))
  }
}
