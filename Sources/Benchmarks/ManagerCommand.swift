import ArgumentParser

/// Prints what the manager costs as a process of its own.
struct ManagerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manager", abstract: "Print what `gatehouse manager` costs for each game server.",
    discussion: """
      Starts `gatehouse simulate` and `gatehouse manager`, which lie beside this program or at --gatehouse, for each number of \
      servers anew, over plain HTTP. Servers are in sets of 100; up to 1,000 of them are then updated in place. Processor time is that of \
      the manager alone; writes are its requests that change something, those of the lease left out. Last, of two managers the leading \
      one is killed.
      """)

  @Option(help: ArgumentHelp("Numbers of game servers, multiples of 100.", valueName: "count,…"))
  var servers = "1000,3000,10000"

  @Option(help: ArgumentHelp("How many times as fast as outside time passes in the cluster.", valueName: "factor"))
  var speed = 20

  @Option(help: ArgumentHelp("The program; it lies beside this one where nothing is said.", valueName: "path"))
  var gatehouse: String?

  @Option(
    help: ArgumentHelp("Requests per second that a manager may send; 0 is what it takes by itself.", valueName: "count")
  )
  var apiQps = 0

  @Flag(inversion: .prefixedNo, help: "Kill a leading manager at the end.")
  var failover = true

  /// How long nothing happens before the memory is read: the manager gives back what its start needed within some seconds.
  private static let rest = Duration.seconds(8)

  func validate() throws {
    guard let counts, counts.allSatisfy({ $0 > 0 && $0 % ManagerTrial.setSize == 0 }), speed > 0 else {
      throw ValidationError("--servers takes multiples of 100, with commas between, and --speed a number above 0.")
    }
  }

  private var counts: [Int]? {
    let counts = servers.split(separator: ",").map { Int($0) }
    return counts.isEmpty || counts.contains(nil) ? nil : counts.compactMap(\.self)
  }

  private var program: String {
    let own = CommandLine.arguments[0]
    let folder = own.lastIndex(of: "/").map { own[...$0] } ?? "./"
    return gatehouse ?? "\(folder)gatehouse"
  }

  func run() async throws {
    var table = Table(
      "servers", "idle", "memory", "each", "create", "CPU each", "writes each", "updated", "update", "CPU each",
      "writes each")
    for count in counts ?? [] { table.add(try await measure(count)) }
    print(table.text)
    if failover { print(try await failOver()) }
  }

  /// A line on one number of servers.
  private func measure(_ count: Int) async throws -> [String] {
    let trial = try await ManagerTrial(program: program, servers: count, speed: speed)
    defer { trial.end() }
    let manager = try trial.startManager(apiQPS: apiQps)
    defer { manager.kill() }
    try await manager.waitUntilQuiet()
    try await Task.sleep(for: Self.rest)
    let idle = try await manager.reading()
    let sets = 0..<(count / ManagerTrial.setSize)
    let createTime = try await timed {
      for set in sets { try await trial.createSet(set) }
      try await waitUntilReady(trial, sets, image: "game:1")
    }
    try await manager.waitUntilQuiet()
    try await Task.sleep(for: Self.rest)
    let full = try await manager.reading()
    let updated = sets.prefix(10)
    try await manager.waitUntilQuiet()
    let before = try await manager.reading()
    let updateTime = try await timed {
      for set in updated { try await trial.update(set, image: "game:2") }
      try await waitUntilReady(trial, updated, image: "game:2")
    }
    try await manager.waitUntilQuiet()
    let after = try await manager.reading()
    let updatedCount = updated.count * ManagerTrial.setSize
    return ["\(count)", megabytes(idle.resident), megabytes(full.resident)]
      + ["\(Table.decimal(Double(full.resident - idle.resident) / 1000 / Double(count))) KB", seconds(createTime)]
      + costs(idle, full, count) + ["\(updatedCount)", seconds(updateTime)] + costs(before, after, updatedCount)
  }

  private func costs(_ start: ManagerReading, _ end: ManagerReading, _ count: Int) -> [String] {
    [
      "\(Table.decimal((end.cpu - start.cpu) / .milliseconds(1) / Double(count))) ms",
      Table.decimal((end.writes - start.writes) / Double(count)),
    ]
  }

  private func waitUntilReady(_ trial: ManagerTrial, _ sets: Range<Int>, image: String) async throws {
    // Three writes for each server at 50 requests a second make 60 ms; three times that, and a minute for the servers' start.
    let deadline = ContinuousClock.now + .seconds(60) + .milliseconds(180) * (sets.count * ManagerTrial.setSize)
    for set in sets {
      while try await trial.readyServers(set, image: image) < ManagerTrial.setSize {
        guard ContinuousClock.now < deadline else {
          throw BenchmarkFailure("the servers of game-\(set) were not ready in time")
        }
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// Kills the leading of two managers, and answers how long nobody led and nothing was written.
  private func failOver() async throws -> String {
    let trial = try await ManagerTrial(program: program, servers: 1000, speed: speed)
    defer { trial.end() }
    let leading = try trial.startManager(apiQPS: apiQps)
    defer { leading.kill() }
    for set in 0..<10 { try await trial.createSet(set) }
    try await waitUntilReady(trial, 0..<10, image: "game:1")
    let waiting = try trial.startManager(apiQPS: apiQps)
    defer { waiting.kill() }
    try await leading.waitUntilQuiet()
    let leader = try await trial.leader()
    let start = ContinuousClock.now
    leading.kill()
    try await wait { try await trial.leader() != leader }
    let led = ContinuousClock.now - start
    // Without a Service in front of both, the set's reviews go to the dead one until the other has written its own address.
    try await wait { (try? await trial.update(0, image: "game:2")) != nil }
    let registered = ContinuousClock.now - start
    try await wait { try await trial.workloadImage(0) == "game:2" }
    let wrote = ContinuousClock.now - start
    return """
      fail-over with 1000 servers, after the leader was killed: the other leads \(seconds(led)), its first write, the registration, is done \
      \(seconds(registered)), a change of a set is in the workload \(seconds(wrote))
      """
  }

  /// Looks every twentieth of a second.
  private func wait(_ condition: () async throws -> Bool) async throws {
    // Four times the fifteen seconds for which a lease stands.
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
      guard ContinuousClock.now < deadline else { throw BenchmarkFailure("the other manager did not take over") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func timed(_ body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return .now - start
  }

  private func seconds(_ time: Duration) -> String { "\(Table.decimal(time / .seconds(1))) s" }
  private func megabytes(_ bytes: Int) -> String { "\(Table.decimal(Double(bytes) / 1_000_000)) MB" }
}
