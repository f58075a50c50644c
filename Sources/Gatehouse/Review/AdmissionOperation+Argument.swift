public import Admission
public import ArgumentParser

extension AdmissionOperation: ExpressibleByArgument {
  /// Reads the word of `--operation` in any case.
  public init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
