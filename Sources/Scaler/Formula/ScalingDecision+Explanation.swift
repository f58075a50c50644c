extension ScalingDecision {
  /// How the value came about, one sentence a line, number by number.
  public var explanation: [String] {
    var lines = ["spec.replicas is \(snapshot.set.replicas)"]
    let counts = snapshot.counts
    lines.append(
      "the set has \(counts.total) servers: \(counts.none) None, \(counts.waiting) WaitToBeDeleted, "
        + "\(counts.total - counts.none - counts.waiting) in other states")
    if free != counts.none {
      lines.append("\(counts.none - free) of the None servers are not usable: \(free) are free")
    }
    if coming > 0 { lines.append("\(coming) servers are asked for and not there yet; they will be free") }
    if let window { lines.append("the schedule's window is open: \(window.text)") }
    lines.append("minAvailable comes to \(minAvailable) free servers")
    if playersMinimum > 0 {
      lines.append("\(snapshot.freeSlots) places for players are free, so \(playersMinimum) servers must be")
    }
    if let maximum { lines.append("maxAvailable is \(maximum)") }
    lines.append("so at least \(minimum) servers must be free, and \(free) are")
    lines.append(verdict)
    return lines
  }

  private var verdict: String {
    switch step {
    case .refill(let count): "\(count) are missing: \(snapshot.set.replicas) + \(count) = \(value)"
    case .removeMarked(let count):
      "enough are free, and \(count) are marked for removal: \(snapshot.set.replicas) - \(count) = \(value)"
    case .trim(let count): "\(count) more are free than may be: \(snapshot.set.replicas) - \(count) = \(value)"
    case .keep: "nothing changes: \(value)"
    }
  }
}
