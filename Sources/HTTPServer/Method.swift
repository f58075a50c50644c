/// A request method of RFC 9110 (and PATCH, RFC 5789).
public enum Method: String, Sendable, CaseIterable {
  /// Read.
  case get = "GET"
  /// Read the head only.
  case head = "HEAD"
  /// Process the body.
  case post = "POST"
  /// Replace.
  case put = "PUT"
  /// Change in part.
  case patch = "PATCH"
  /// Remove.
  case delete = "DELETE"
  /// Ask what is possible.
  case options = "OPTIONS"
  /// Echo the request.
  case trace = "TRACE"

  /// The method of that name, which is case-sensitive; `nil` for others.
  init?(_ bytes: ArraySlice<UInt8>) {
    for method in Self.allCases where bytes.elementsEqual(method.rawValue.utf8) {
      self = method
      return
    }
    return nil
  }
}

/// A set of methods.
public struct MethodSet: OptionSet, Sendable {
  /// One bit for each method, in the order of `Method.allCases`.
  public let rawValue: UInt16

  /// Wraps the bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The set of one method.
  public init(_ method: Method) {
    switch method {
    case .get: rawValue = 1
    case .head: rawValue = 2
    case .post: rawValue = 4
    case .put: rawValue = 8
    case .patch: rawValue = 16
    case .delete: rawValue = 32
    case .options: rawValue = 64
    case .trace: rawValue = 128
    }
  }

  /// GET, which HEAD always accompanies.
  public static let get: MethodSet = [MethodSet(.get), MethodSet(.head)]
  /// POST.
  public static let post = MethodSet(Method.post)
  /// PUT.
  public static let put = MethodSet(Method.put)
  /// PATCH.
  public static let patch = MethodSet(Method.patch)
  /// DELETE.
  public static let delete = MethodSet(Method.delete)
  /// Every method but TRACE, which no server should echo.
  public static let all: MethodSet = [.get, .post, .put, .patch, .delete, MethodSet(.options)]

  /// The names with commas between, as the field `Allow` wants them.
  var text: String {
    Method.allCases.filter { contains(MethodSet($0)) }.map(\.rawValue).joined(separator: ", ")
  }
}
