import ArgumentParser

/// What a user does with an object, as `--operation` takes it.
enum ReviewOperation: String, CaseIterable, ExpressibleByArgument {
  case create = "CREATE"
  case update = "UPDATE"
  case delete = "DELETE"
  case connect = "CONNECT"

  /// Reads the word in any case.
  init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
