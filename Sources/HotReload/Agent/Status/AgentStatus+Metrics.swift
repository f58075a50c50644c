extension AgentStatus {
  /// The status in the text format of Prometheus (version 0.0.4).
  var metrics: String {
    var lines: [String] = []
    let add = { (name: String, type: String, help: String, samples: [(String, String)]) in
      lines.append("# HELP \(name) \(help)")
      lines.append("# TYPE \(name) \(type)")
      lines += samples.map { "\(name)\($0.0) \($0.1)" }
    }
    if let revision {
      add(
        "hot_reload_revision_info", "gauge", "The revision that readers see.",
        [(#"{revision="\#(revision)",source="\#(source ?? "")"}"#, "1")])
    }
    add(
      "hot_reload_publishes_total", "counter", "Publishes by result.",
      [
        (#"{result="published"}"#, "\(published)"), (#"{result="unchanged"}"#, "\(unchanged)"),
        (#"{result="failed"}"#, "\(publishFailures)"),
      ])
    add(
      "hot_reload_publish_duration_seconds", "gauge", "How long the last publish took.",
      [("", seconds(publishDuration))])
    add(
      "hot_reload_last_publish_timestamp_seconds", "gauge", "When the revision became current.",
      [("", "\(publishedAt ?? 0)")])
    add(
      "hot_reload_notifications_total", "counter", "Notifications by result.",
      [(#"{result="delivered"}"#, "\(delivered)"), (#"{result="failed"}"#, "\(deliveryFailures)")])
    add(
      "hot_reload_notification_duration_seconds", "gauge", "How long the last notification took.",
      [("", seconds(notificationDuration))])
    add(
      "hot_reload_notification_pending", "gauge", "1 while the game has to be told of the revision.",
      [("", isNotificationPending ? "1" : "0")])
    add("hot_reload_held", "gauge", "1 while a change waits for the gate.", [("", isHeld ? "1" : "0")])
    add("hot_reload_published_bytes", "gauge", "The bytes of the last set.", [("", "\(bytes)")])
    return lines.joined(separator: "\n") + "\n"
  }

  private func seconds(_ duration: Duration) -> String {
    let milliseconds = duration.milliseconds
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
  }
}
