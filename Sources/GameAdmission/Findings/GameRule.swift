/// The rules of the validators; the texts are the names that `lint` prints.
enum GameRule: String, CaseIterable {
  case networkTypeRequired = "network-type-required"
  case networkTypeUnknown = "network-type-unknown"
  case networkTypeImmutable = "network-type-immutable"
  case networkRemoved = "network-removed"
  case networkConf = "network-conf"
  case networkParameter = "network-parameter"
  case reserveIDs = "reserve-ids"
  case serviceQualityName = "service-quality-name"
  case serviceQualityContainer = "service-quality-container"
  case serviceQualityProbe = "service-quality-probe"
  case serviceQualityAction = "service-quality-action"
  case template = "template-syntax"
  case opsState = "ops-state"
  case priority = "priority"
  case containerOverride = "container-override"
  case quantity = "quantity"
  case updateStrategy = "update-strategy"
  case enumeration = "enumeration"
  case inPlaceOnly = "in-place-only"
  case name = "name-too-long"
  case podName = "pod-name"
  case hostPortRange = "host-port-range"

  /// Whether OpenKruiseGame denies it, too; such a rule denies in every mode.
  ///
  /// Of an update OpenKruiseGame only asks whether the network type stays what it is.
  func isEnforcedByOpenKruiseGame(onUpdate isUpdate: Bool) -> Bool {
    switch self {
    case .networkTypeRequired, .networkTypeUnknown: !isUpdate
    case .networkTypeImmutable: true
    default: false
    }
  }
}
