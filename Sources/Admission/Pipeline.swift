/// One step that changes an object on its way into the cluster.
///
/// A pure function of the subject and of what is known of the cluster: it writes nothing outside the subject, never waits, and does
/// nothing when it runs on its own output.
public protocol Mutator<Subject>: Sendable {
  /// An object under review together with its edits.
  associatedtype Subject

  /// A short name for reports.
  var name: String { get }

  /// Edits the subject.
  ///
  /// - Throws: ``ReviewFailure`` when the object has to be refused, or nothing can be decided now.
  func mutate(_ subject: inout Subject, _ context: inout ReviewContext) throws(ReviewFailure)
}

/// One check of an object on its way into the cluster.
public protocol Validator<Subject>: Sendable {
  /// An object under review.
  associatedtype Subject

  /// Looks at the subject.
  ///
  /// - Throws: ``ReviewFailure`` when the object has to be refused, or nothing can be decided now.
  func validate(_ subject: Subject, _ context: inout ReviewContext) throws(ReviewFailure)
}

/// Mutators in order: each sees what the ones before it did, the first refusal ends the review, notes accumulate.
public struct Pipeline<Subject>: Sendable {
  private let mutators: [any Mutator<Subject>]

  /// A pipeline of these steps.
  public init(_ mutators: [any Mutator<Subject>]) { self.mutators = mutators }

  /// The names of the steps in order.
  public var names: [String] { mutators.map(\.name) }

  /// Runs the steps on a subject.
  ///
  /// - Throws: the failure of the first step that fails, or that the deadline has passed before a step.
  public func run(_ subject: inout Subject, _ context: inout ReviewContext) throws(ReviewFailure) {
    for mutator in mutators {
      try context.checkDeadline()
      context.begin(mutator.name)
      try mutator.mutate(&subject, &context)
    }
  }
}
