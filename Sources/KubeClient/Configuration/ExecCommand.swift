/// A program that prints credentials (`users[].user.exec` of a kubeconfig, the API group `client.authentication.k8s.io`).
public struct ExecCommand: Sendable, Equatable {
  /// The program, by its path or by its name in `PATH`.
  public var command: String
  /// Its arguments.
  public var arguments: [String]
  /// Variables on top of the process's own environment.
  public var environment: [String: String]
  /// The `apiVersion` that it speaks.
  public var apiVersion: String
  /// What a person is told where the program is missing.
  public var installHint: String
  /// The `spec.cluster` object that the program is given, as JSON; nil where it wants none.
  public var clusterInfo: String?

  /// Describes a program.
  public init(
    command: String, arguments: [String] = [], environment: [String: String] = [:],
    apiVersion: String = "client.authentication.k8s.io/v1", installHint: String = "", clusterInfo: String? = nil
  ) {
    self.command = command
    self.arguments = arguments
    self.environment = environment
    self.apiVersion = apiVersion
    self.installHint = installHint
    self.clusterInfo = clusterInfo
  }

  /// The value of `KUBERNETES_EXEC_INFO`: an `ExecCredential` with what the program may know.
  ///
  /// It is never interactive: a server has no terminal.
  var info: String {
    let cluster = clusterInfo.map { #","cluster":\#($0)"# } ?? ""
    return #"{"apiVersion":"\#(apiVersion)","kind":"ExecCredential","spec":{"interactive":false\#(cluster)}}"#
  }
}
