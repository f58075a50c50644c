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

/// Mutators in order: each sees what the ones before it did, the first refusal ends the review, notes accumulate.
public struct Pipeline<Subject>: Sendable {
  /// A mutator behind a plain closure: to call through a constrained existential asks the runtime for its type each time.
  private struct Step: Sendable {
    let name: String
    let mutate: @Sendable (inout Subject, inout ReviewContext) throws(ReviewFailure) -> Void

    init(_ mutator: some Mutator<Subject>) {
      name = mutator.name
      mutate = { (subject, context) throws(ReviewFailure) in try mutator.mutate(&subject, &context) }
    }
  }

  private let steps: [Step]

  /// A pipeline of these steps.
  public init(_ mutators: [any Mutator<Subject>]) { steps = mutators.map { Step($0) } }

  /// Runs the steps on a subject.
  ///
  /// - Throws: the failure of the first step that fails, or that the deadline has passed before a step.
  public func run(_ subject: inout Subject, _ context: inout ReviewContext) throws(ReviewFailure) {
    for step in steps {
      try context.checkDeadline()
      context.begin(step.name)
      try step.mutate(&subject, &context)
    }
  }
}
