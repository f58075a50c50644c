import Glibc

/// The variables that the process was started with.
enum ProcessEnvironment {
  /// All of them, read anew.
  ///
  /// To be called while the process has one thread, or at least none that changes variables.
  static func read() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let line = unsafe String(cString: text)
      if let equals = line.firstIndex(of: "=") {
        variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
      }
      unsafe entry += 1
    }
    return variables
  }
}

extension [String: String] {
  /// The first of these variables that is more than white space.
  func firstValue(_ names: String...) -> String? {
    names.lazy.compactMap { self[$0] }.first { $0.contains { !$0.isWhitespace } }
  }
}
