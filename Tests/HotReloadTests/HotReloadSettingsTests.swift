import Testing

@testable import HotReload

/// Annotations from short names, on top of the least that is valid.
func annotations(_ changes: [String: String?] = [:]) -> [String: String] {
  var all = ["inject": "enabled", "source": "configmap:assets", "mount": "/srv/assets"]
  for (name, value) in changes { all[name] = value }
  return Dictionary(uniqueKeysWithValues: all.map { (HotReloadAnnotation.prefix + $0.key, $0.value) })
}

@Suite("Hot-reload settings")
struct HotReloadSettingsTests {
  @Test("are nil where hot reload is not enabled", arguments: [[:], ["inject": "disabled"]])
  func notEnabled(_ texts: [String: String]) throws {
    let all = Dictionary(uniqueKeysWithValues: texts.map { (HotReloadAnnotation.prefix + $0.key, $0.value) })
    #expect(try HotReloadSettings(annotations: all) == nil)
  }

  @Test("have the documented defaults")
  func defaults() throws {
    let settings = try #require(try HotReloadSettings(annotations: annotations()))
    #expect(settings.source == .configMap("assets"))
    #expect(settings.mount.path == "/srv/assets")
    #expect(settings.containers == [])
    #expect(settings.notification == .none)
    #expect(settings.gate == .immediate)
    #expect(settings.mode == .auto)
    #expect(settings.resources.description == "cpu=5m/50m,memory=8Mi/32Mi")
    #expect(settings.agentImage == nil)
    #expect(settings.sizeLimit == Quantity("16Mi"))
  }

  @Test(
    "read every source",
    arguments: [
      ("configmap:a.b-c", nil, "configmap:a.b-c", "16Mi"), ("secret:s", nil, "secret:s", "16Mi"),
      ("image:reg.example:5000/a/b@sha256:00ff", nil, "image:reg.example:5000/a/b@sha256:00ff:/assets", "8Gi"),
      ("image:assets:7", "/data/maps/", "image:assets:7:/data/maps", "8Gi"),
    ])
  func sources(_ text: String, _ path: String?, _ description: String, _ size: String) throws {
    let all = annotations(["source": text, "source-path": path])
    let settings = try #require(try HotReloadSettings(annotations: all))
    #expect(settings.source.description == description)
    #expect(settings.sizeLimit == Quantity(size))
  }

  @Test(
    "read every notification",
    arguments: [
      "none", "signal:SIGHUP", "signal:SIGUSR2", "signal:SIGRTMIN+3", "http:POST:8081/reload", "http:GET:80/a?b=c&d",
      "http:PUT:65535/", "tcp:8081", "exec:/usr/bin/reload",
    ])
  func notifications(_ text: String) throws {
    let target = text.hasPrefix("signal") ? "exe=/srv/game" : nil
    let settings = try #require(
      try HotReloadSettings(annotations: annotations(["notify": text, "notify-target": target])))
    #expect(settings.notification.description == text)
    #expect(settings.notification.target?.description == target)
  }

  @Test("read the rest")
  func others() throws {
    let all = annotations([
      "containers": "game, proxy,game", "gate": "on-empty", "mode": "container", "resources": "memory=16Mi",
      "agent-image": "reg/agent:1", "size-limit": "1Gi",
    ])
    let settings = try #require(try HotReloadSettings(annotations: all))
    #expect(settings.containers == ["game", "proxy"])
    #expect(settings.gate == .onEmpty)
    #expect(settings.mode == .container)
    #expect(settings.resources.description == "cpu=5m/50m,memory=16Mi/16Mi")
    #expect(settings.agentImage == "reg/agent:1")
    #expect(settings.sizeLimit == Quantity("1Gi"))
  }

  @Test(
    "refuse with the annotation, the value and what is accepted",
    arguments: [
      ("inject", "yes", "it takes enabled or disabled"), ("inject", "", "it takes enabled or disabled"),
      ("source", "assets", "it takes configmap:NAME, secret:NAME or image:REF"),
      ("source", "configmap:", "it takes configmap:NAME"), ("source", "configmap:A_b", "it takes configmap:NAME"),
      ("source", "secret:a..b", "it takes configmap:NAME"), ("source", "pvc:x", "it takes configmap:NAME"),
      ("source", "image:", "it takes an image such as"), ("source", "image:a b", "it takes an image such as"),
      ("mount", "assets", "is relative"), ("mount", "/", "it takes an absolute directory"),
      ("mount", "/a/../b", "it takes an absolute directory"), ("mount", "/a:b", "without : or blanks"),
      ("mount", "/proc/x", "lies in /proc"), ("mount", "/hot-reload/publish", "lies in /hot-reload"),
      ("mount", "/var/run/secrets/kubernetes.io/serviceaccount", "uses itself"),
      ("containers", "", "it takes container names"), ("containers", "a,,b", "it takes container names"),
      ("containers", "A", "it takes container names"), ("containers", "hot-reload", "names the sidecar itself"),
      ("notify", "sighup", "it takes none, signal:SIGHUP"), ("notify", "signal:HUP", "names no signal such as SIGHUP"),
      ("notify", "signal:SIGKILL", "cannot be handled"), ("notify", "signal:SIGRTMIN+31", "names no signal"),
      ("notify", "http:8081/reload", "has no method GET, POST or PUT"),
      ("notify", "http:POST:0/x", "has no port from 1 to 65535"),
      ("notify", "http:POST:/x", "has no port from 1 to 65535"), ("notify", "http:POST:80/a b", "printable ASCII"),
      ("notify", "http:POST:80/a\r\nX: y", "printable ASCII"), ("notify", "http:DELETE:80/", "has no method"),
      ("notify", "tcp:65536", "has no port from 1 to 65535"), ("notify", "tcp:+1", "has no port"),
      ("notify", "exec:reload", "has no absolute path"), ("notify", "", "it takes none"),
      ("notify-target", "game", "it takes exe=/srv/game or cmdline=REGEX"),
      ("notify-target", "exe=game", "has no absolute path"), ("notify-target", "cmdline=(", "POSIX extended"),
      ("notify-target", "cmdline=", "POSIX extended"), ("notify-target", "cmdline=((a{99}){99}){99}", "POSIX extended"),
      ("gate", "empty", "it takes one of immediate, on-empty"), ("gate", "", "it takes one of"),
      ("mode", "sidecar", "it takes one of auto, native, container"), ("resources", "", "it takes amounts"),
      ("resources", "cpu=50m/5m", "with request at most limit"), ("resources", "gpu=1", "it takes amounts"),
      ("resources", "cpu=1,cpu=2", "it takes amounts"), ("resources", "cpu=-1", "it takes amounts"),
      ("resources", "memory=8m/32m", "has less than 1Mi of memory"), ("resources", "memory=8m/32Mi", "less than 1Mi"),
      ("resources", "memory=0/0", "it takes amounts"), ("resources", "memory=1/2/3", "it takes amounts"),
      ("agent-image", "", "it takes an image such as"), ("agent-image", "a;b", "it takes an image such as"),
      ("size-limit", "12", "at least 1Mi"), ("size-limit", "much", "at least 1Mi"),
    ])
  func refusals(_ name: String, _ value: String, _ reason: String) throws {
    let error = #expect(throws: HotReloadError.self) {
      try HotReloadSettings(annotations: annotations([name: value]))
    }
    let message = try #require(error).description
    #expect(message.hasPrefix("hot-reload.game.kruise.io/\(name) \""))
    #expect(message.contains(value))
    #expect(message.contains(reason), "\(message)")
  }

  @Test("refuse what is missing", arguments: ["source", "mount"])
  func missing(_ name: String) throws {
    let error = #expect(throws: HotReloadError.self) {
      try HotReloadSettings(annotations: annotations([name: String?.none]))
    }
    let problem = try #require(error).problem
    #expect(problem.rule == .missingAnnotation)
    #expect(problem.field == HotReloadAnnotation.prefix + name)
    #expect(problem.message.contains("is missing: it takes"))
  }

  @Test("refuse a source path outside of an image's directories", arguments: ["assets", "/", "/proc", "/a/.."])
  func sourcePath(_ path: String) {
    #expect(throws: HotReloadError.self) {
      try HotReloadSettings(annotations: annotations(["source": "image:a", "source-path": path]))
    }
  }

  @Test("refuse a signal without a target")
  func signalWithoutTarget() throws {
    let error = #expect(throws: HotReloadError.self) {
      try HotReloadSettings(annotations: annotations(["notify": "signal:SIGHUP"]))
    }
    #expect(
      try #require(error).description
        == #"hot-reload.game.kruise.io/notify-target "" is missing: signal:SIGHUP needs exe=/path or cmdline=REGEX"#)
  }

  @Test("list every problem, not only the first")
  func allProblems() {
    let all = annotations(["mount": "x", "gate": "y", "mode": "z"])
    let parsed = HotReloadSettings.parse { all[$0] }
    #expect(parsed.settings == nil)
    #expect(parsed.problems.map(\.value) == ["x", "y", "z"])
  }

  @Test("warn of settings without an effect")
  func unused() {
    let all = annotations(["source-path": "/x", "notify": "tcp:1", "notify-target": "exe=/g"])
    let parsed = HotReloadSettings.parse { all[$0] }
    #expect(parsed.settings != nil)
    #expect(parsed.problems.map(\.rule) == [.unusedAnnotation, .unusedAnnotation])
    #expect(!parsed.problems.contains { !$0.isWarning })
  }
}
