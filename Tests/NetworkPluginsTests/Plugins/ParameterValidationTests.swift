import Kubernetes
import NetworkPlugins
import Testing

@Suite("Validation of a network's parameters")
struct ParameterValidationTests {
  let registry = PluginRegistryTests.registry(.shipped)

  func problems(
    _ type: String, _ parameters: KeyValuePairs<String, String>, containers: Set<String>? = nil
  ) -> [String] {
    let list = parameters.map { NetworkParameter($0.key, $0.value) }
    return registry.validate(type: type, parameters: list, containers: containers)
      .map { ($0.isWarning ? "warning: " : "") + $0.description }
  }

  @Test("warns of a name that is not known, with the one that was meant")
  func misspelt() {
    #expect(
      problems("AlibabaCloud-SLB", ["SlbIds": "a", "PortProtocols": "80", "PortProtocol": "80"]) == [
        "warning: network parameter PortProtocol: is no parameter of AlibabaCloud-SLB; did you mean PortProtocols?"
      ])
  }

  @Test("warns of a name that is not known, with those that are")
  func unknown() {
    #expect(
      problems("Kubernetes-NodePort", ["PortProtocols": "80", "Host": "x", "Host": "y"]) == [
        """
        warning: network parameter Host: is no parameter of Kubernetes-NodePort; it has PortProtocols, Fixed, \
        AllowNotReadyContainers
        """
      ])
  }

  @Test("warns of misspelt names also where others are passed on")
  func passedOn() {
    #expect(
      problems("HwCloud-CCE-ELB", ["kubernetes.io/elb.id": "a", "PortProtocols": "80", "PortProtocls": "81", "x": "y"])
        .count == 1)
  }

  @Test("warns of containers that may be not ready where nothing would let the update go on")
  func allowNotReady() {
    #expect(
      problems("Kubernetes-HostPort", ["AllowNotReadyContainers": "a"]) == [
        """
        warning: network parameter AllowNotReadyContainers: has no effect in Kubernetes-HostPort, and in-place updates \
        would wait for ever; remove it
        """
      ])
  }

  @Test("looks at the last entry of a parameter that does not repeat, and warns of the others")
  func lastWins() {
    #expect(
      problems("Kubernetes-NodePort", ["PortProtocols": "x", "PortProtocols": "80"]) == [
        "warning: network parameter PortProtocols: stands there 2 times; the last one counts"
      ])
    #expect(problems("Kubernetes-NodePort", ["PortProtocols": "80", "PortProtocols": "x"]).count == 2)
  }

  @Test("looks at every entry of a parameter that repeats, and at all of them together")
  func accumulates() {
    let good = problems(
      "AlibabaCloud-NLB", ["NlbIds": "a", "NlbIds": "b", "PortProtocols": "80", "PortProtocols": "81"])
    #expect(good.isEmpty)
    #expect(
      problems("AlibabaCloud-NLB", ["NlbIds": "a", "PortProtocols": "x", "PortProtocols": "81"]).first?
        .hasPrefix(#"network parameter PortProtocols: "x" is no port"#) == true)
    #expect(
      problems("AlibabaCloud-NLB", ["NlbIds": "a", "PortProtocols": "80", "PortProtocols": "80/TCP"]) == [
        "network parameter PortProtocols: 80/TCP stands there twice"
      ])
  }

  @Test("names the value and the grammar")
  func message() {
    #expect(
      problems("AlibabaCloud-NLB", ["NlbIds": "a", "PortProtocols": "80/HTTP"]) == [
        """
        network parameter PortProtocols: "80/HTTP" is no port: protocol "HTTP" is none of TCP, UDP, TCPUDP; expected \
        ports between commas, each PORT or PORT/PROTOCOL with PORT from 1 to 65535 and PROTOCOL one of TCP, UDP, TCPUDP
        """
      ])
  }

  @Test("warns of parameters that have no effect")
  func ignored() {
    #expect(
      problems("TencentCloud-CLB", ["PortProtocols": "80", "ClbIds": "a"]) == [
        "warning: network parameter ClbIds: has no effect"
      ])
  }

  @Test("demands exactly one way to a load balancer of HwCloud-CCE-ELB, in whatever order")
  func cceELB() {
    let both =
      "network parameter kubernetes.io/elb.id: kubernetes.io/elb.id and kubernetes.io/elb.autocreate "
      + "cannot be filled in simultaneously; expected one"
    #expect(
      problems(
        "HwCloud-CCE-ELB",
        ["kubernetes.io/elb.id": "a", "kubernetes.io/elb.autocreate": "{}", "PortProtocols": "80"]) == [both])
    #expect(
      problems(
        "HwCloud-CCE-ELB",
        ["kubernetes.io/elb.autocreate": "{}", "kubernetes.io/elb.id": "a", "PortProtocols": "80"]) == [both])
    #expect(problems("HwCloud-CCE-ELB", ["kubernetes.io/elb.autocreate": "{}", "PortProtocols": "80"]).isEmpty)
    #expect(problems("HwCloud-CCE-ELB", ["PortProtocols": "80"]).count == 1)
  }

  @Test("demands a range that is enough for one pod of the AutoNLBs plugins")
  func autoNLBs() {
    let found = problems(
      "AlibabaCloud-AutoNLBs-V2",
      ["ZoneMaps": "v@a:b,c:d", "PortProtocols": "80,81", "MinPort": "1000", "MaxPort": "1001", "BlockPorts": "1000"])
    #expect(found.count == 1)
    #expect(found.first?.contains("port range is too small for the number of target ports") == true)
  }

  @Test("warns of containers that the pod has not, where the containers are known")
  func containers() {
    #expect(problems("Kubernetes-HostPort", ["ContainerPorts": "game:80"]).isEmpty)
    #expect(problems("Kubernetes-HostPort", ["ContainerPorts": "game:80"], containers: ["game"]).isEmpty)
    #expect(
      problems("Kubernetes-HostPort", ["ContainerPorts": "gam:80"], containers: ["game", "side"]) == [
        #"warning: network parameter ContainerPorts: names container "gam"; the pod has game, side"#
      ])
    #expect(
      problems(
        "Kubernetes-NodePort", ["PortProtocols": "80", "AllowNotReadyContainers": "a, b"], containers: ["a"]
      ).count == 1)
  }
}
