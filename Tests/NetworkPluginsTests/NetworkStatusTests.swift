import JSON
import Kubernetes
import NetworkPlugins
import Testing

@Suite("A network status")
struct NetworkStatusTests {
  @Test("of a new pod is the state alone")
  func first() { #expect(NetworkStatus.notReady.text == #"{"currentNetworkState":"NotReady"}"#) }

  @Test("is written with the keys in the order of the compatibility target, and reads itself again")
  func keyOrder() throws {
    var status = NetworkStatus(
      .ready, internalAddresses: [.init(ip: "172.16.0.8", ports: [.init(name: "80", proto: "TCP", port: .int(80))])],
      externalAddresses: [
        .init(
          ip: "", ports: [.init(name: "a", port: .string("x")), .init(name: "", port: nil)],
          portRange: .init(proto: "UDP", range: "1-2"), endPoint: "h")
      ])
    status.networkType = "T"
    status.desiredNetworkState = "Ready"
    status.createTime = "2026-01-01T00:00:00Z"
    status.lastTransitionTime = "2026-01-02T00:00:00Z"
    let text = """
      {"networkType":"T",\
      "internalAddresses":[{"ip":"172.16.0.8","ports":[{"name":"80","protocol":"TCP","port":80}]}],\
      "externalAddresses":[{"ip":"","ports":[{"name":"a","port":"x"},{"name":""}],\
      "portRange":{"protocol":"UDP","portRange":"1-2"},"endPoint":"h"}],\
      "desiredNetworkState":"Ready","currentNetworkState":"Ready",\
      "createTime":"2026-01-01T00:00:00Z","lastTransitionTime":"2026-01-02T00:00:00Z"}
      """
    #expect(status.text == text)
    #expect(try NetworkStatus.parse(annotation: text) == status)
  }

  @Test("reads what the compatibility target writes, with null for times that are not set")
  func nullTimes() throws {
    let status = try NetworkStatus.parse(
      annotation: #"{"currentNetworkState":"NotReady","createTime":null,"lastTransitionTime":null}"#)
    #expect(status == .notReady)
    #expect(status?.currentState == .notReady)
  }

  @Test("is missing where the annotation is absent or empty", arguments: [nil, ""])
  func missing(_ text: String?) throws { #expect(try NetworkStatus.parse(annotation: text) == nil) }

  @Test("has an empty state where the object is empty", arguments: ["{}", "null", #"{"internalAddresses":null}"#])
  func empty(_ text: String) throws {
    #expect(try NetworkStatus.parse(annotation: text) == NetworkStatus())
    #expect(try NetworkStatus.parse(annotation: text)?.currentState == nil)
  }

  @Test(
    "is refused where it is no status",
    arguments: [
      "invalid-json", "[]", "1", #"{"currentNetworkState":1}"#, #"{"internalAddresses":{}}"#,
      #"{"internalAddresses":[1]}"#, #"{"externalAddresses":[{"ip":1}]}"#,
      #"{"externalAddresses":[{"ip":"","ports":[{"name":"a","port":true}]}]}"#, #"{"createTime":1}"#,
    ])
  func refused(_ text: String) {
    #expect(throws: NetworkStatusError.self) { try NetworkStatus.parse(annotation: text) }
  }
}

@Suite("The network of a pod")
struct PodNetworkTests {
  @Test("is none where there is no type annotation")
  func none() throws { #expect(try PodNetwork.read(type: nil, conf: "broken", disabled: nil) == nil) }

  @Test("is there where the type is empty")
  func emptyType() throws {
    #expect(try PodNetwork.read(type: "", conf: nil, disabled: nil) == PodNetwork(type: "", parameters: []))
  }

  @Test(
    "is disabled where the label is a boolean that is true",
    arguments: [("true", true), ("T", true), ("1", true), ("false", false), ("not-a-bool", false), (nil, false)]
      as [(String?, Bool)])
  func disabled(_ label: String?, _ isDisabled: Bool) throws {
    #expect(try PodNetwork.read(type: "t", conf: "null", disabled: label)?.isDisabled == isDisabled)
  }

  @Test("has the parameters in their order, names and values that are absent empty")
  func parameters() throws {
    let network = try PodNetwork.read(
      type: "t", conf: #"[{"name":"a","value":"1"},{"value":"2"},{"name":"a"}]"#, disabled: nil)
    #expect(
      network?.parameters == [NetworkParameter("a", "1"), NetworkParameter("", "2"), NetworkParameter("a", "")])
  }

  @Test(
    "is refused where the configuration is no list of parameters, and the annotation is named",
    arguments: ["", "broken", "{}", "[1]", #"[{"name":1}]"#])
  func malformed(_ conf: String) {
    let error = #expect(throws: PluginError.self) { try PodNetwork.read(type: "t", conf: conf, disabled: nil) }
    #expect(error?.code == .parameter)
    #expect(error?.parameter == "game.kruise.io/network-conf")
    #expect(error?.message.contains("game.kruise.io/network-conf") == true)
  }
}
