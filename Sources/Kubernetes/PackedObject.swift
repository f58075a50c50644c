import JSON

/// An object as its text alone, for keeping many: a parsed one takes more than twice the memory.
///
/// Reading it costs a parse, about a microsecond per 500 bytes. Nothing is lost: the text is that of the object, byte for byte.
public struct PackedObject: Sendable {
  /// What the text is kept as.
  private enum Form {
    case text([UInt8])
    /// The differences from a model, and the length of the text.
    case differences([UInt8], count: UInt32, TextModel)
  }

  private let form: Form

  fileprivate init(_ text: Span<UInt8>, like model: TextModel?) {
    let differences = model.map { $0.differences(of: text) }
    if let model, let differences, differences.count < text.count {
      // A copy, which is as large as it has to be.
      let fitting = unsafe differences.withUnsafeBufferPointer { unsafe Array($0) }
      form = .differences(fitting, count: UInt32(text.count), model)
    } else {
      form = .text(unsafe text.withUnsafeBufferPointer { unsafe Array($0) })
    }
  }

  /// The object, parsed anew with each call.
  public var object: KubernetesObject {
    do {
      // The text was within its limits when it was parsed first.
      let limits = JSONLimits(depth: .max, bytes: .max)
      switch form {
      case .text(let text): return KubernetesObject(try JSONDocument(text.span, limits: limits).root)
      case .differences(let differences, let count, let model):
        let text = model.text(differences.span, count: Int(count))
        return KubernetesObject(try JSONDocument(text.span, limits: limits).root)
      }
    } catch {
      preconditionFailure("a checked text was refused: \(error)")
    }
  }

  /// The bytes that are kept of this object alone.
  var byteCount: Int {
    switch form {
    case .text(let bytes), .differences(let bytes, _, _): bytes.count
    }
  }

  /// Whether the text takes more than a third of its length.
  fileprivate var isLarge: Bool {
    switch form {
    case .text: true
    case .differences(let differences, let count, _): differences.count * 3 > Int(count)
    }
  }
}

/// Packs objects of one resource: as their differences from one of them, where that is shorter.
public struct ObjectPacker: Sendable {
  /// Objects before another model is taken: a model is kept as long as an object that is like it, and takes as much as ten of them.
  private static let patience = 100

  private var model: TextModel?
  /// Objects since the model was taken that are not much like it.
  private var misfits = 0

  /// A packer that has seen no object yet.
  public init() {}

  /// Packs an object; what its document holds besides it is not kept.
  public mutating func pack(_ object: KubernetesObject) -> PackedObject {
    let (packed, next) = object.json.withTextBytes { text in
      let packed = PackedObject(text, like: model)
      let isTime = model == nil || packed.isLarge && misfits >= Self.patience
      return (packed, isTime ? TextModel(text) : nil)
    }
    if packed.isLarge { misfits += 1 }
    if let next { (model, misfits) = (next, 0) }
    return packed
  }
}
