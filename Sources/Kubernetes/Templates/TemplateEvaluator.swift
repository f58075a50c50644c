/// Runs a parsed template for one result.
struct TemplateEvaluator {
  /// The one field of the data.
  static let field = "Result"

  private struct Variable {
    let name: String
    var value: TemplateValue
  }

  private var variables: [Variable]
  private var output = ""
  private var steps = 0
  /// Bytes of all texts that functions have made.
  private var made = 0

  init(result: String) { variables = [Variable(name: "", value: .data(result))] }

  /// The text of the nodes.
  mutating func render(_ nodes: [TemplateNode]) throws(TemplateError) -> String {
    try run(nodes, dot: variables[0].value)
    return output
  }

  private mutating func run(_ nodes: [TemplateNode], dot: TemplateValue) throws(TemplateError) {
    for node in nodes {
      try step()
      switch node {
      case .text(let text): try emit(text)
      case .action(let pipeline):
        let value = try evaluate(pipeline, dot)
        if pipeline.variables.isEmpty { try emit(value.text) }
      case .condition(let pipeline, let then, let otherwise):
        try inScope { evaluator throws(TemplateError) in
          let holds = try evaluator.evaluate(pipeline, dot).isTrue
          try evaluator.run(holds ? then : otherwise, dot: dot)
        }
      case .with(let pipeline, let then, let otherwise):
        try inScope { evaluator throws(TemplateError) in
          let value = try evaluator.evaluate(pipeline, dot)
          try evaluator.run(value.isTrue ? then : otherwise, dot: value.isTrue ? value : dot)
        }
      case .range(let pipeline, let body, let otherwise): try loop(pipeline, body, otherwise, dot)
      }
    }
  }

  /// Runs a block; the variables that it declares end with it.
  private mutating func inScope(
    _ body: (inout TemplateEvaluator) throws(TemplateError) -> Void
  ) throws(TemplateError) {
    let count = variables.count
    try body(&self)
    variables.removeSubrange(count...)
  }

  private mutating func loop(
    _ pipeline: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode], _ dot: TemplateValue
  ) throws(TemplateError) {
    var bare = pipeline
    bare.variables = []
    let value = try evaluate(bare, dot)
    guard case .int(let count) = value else {
      throw TemplateError("range cannot iterate over a \(value.typeName)")
    }
    guard count > 0 else {
      return try inScope { evaluator throws(TemplateError) in try evaluator.run(otherwise, dot: dot) }
    }
    for index in 0..<count {
      try inScope { evaluator throws(TemplateError) in
        for name in pipeline.variables { evaluator.set(name, .int(index), isAssignment: pipeline.isAssignment) }
        try evaluator.step()
        try evaluator.run(body, dot: .int(index))
      }
    }
  }

  private mutating func step() throws(TemplateError) {
    steps += 1
    guard steps <= GoTemplate.stepLimit else { throw TemplateError("more than \(GoTemplate.stepLimit) steps") }
  }

  private mutating func emit(_ text: String) throws(TemplateError) {
    output += text
    try GoTemplate.check(output)
  }

  private mutating func set(_ name: String, _ value: TemplateValue, isAssignment: Bool) {
    if isAssignment, let place = variables.lastIndex(where: { $0.name == name }) {
      variables[place].value = value
    } else {
      variables.append(Variable(name: name, value: value))
    }
  }
}

extension TemplateEvaluator {
  private mutating func evaluate(
    _ pipeline: TemplatePipeline, _ dot: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    var value: TemplateValue?
    for command in pipeline.commands { value = try evaluate(command, dot, piped: value) }
    let result = value ?? .null
    for name in pipeline.variables { set(name, result, isAssignment: pipeline.isAssignment) }
    return result
  }

  private mutating func evaluate(
    _ command: TemplateCommand, _ dot: TemplateValue, piped: TemplateValue?
  ) throws(TemplateError) -> TemplateValue {
    try step()
    guard case .function(let function)? = command.operands.first else {
      return try command.operands.first.map { operand throws(TemplateError) in try evaluate(operand, dot) } ?? .null
    }
    let arguments = command.operands.dropFirst()
    if function == .and || function == .or {
      return try shortCircuit(stopsAt: function == .or, Array(arguments), dot, piped)
    }
    var values: [TemplateValue] = []
    for argument in arguments { values.append(try evaluate(argument, dot)) }
    if let piped { values.append(piped) }
    return try call(function, values)
  }

  /// A variable can be printed into itself, twice, and many can be kept: what functions make is bounded, each text and all of them.
  private mutating func call(
    _ function: TemplateFunction, _ values: [TemplateValue]
  ) throws(TemplateError) -> TemplateValue {
    let value = try function.call(values)
    guard case .string(let text) = value else { return value }
    try GoTemplate.check(text)
    made += text.utf8.count
    guard made <= GoTemplate.madeLimit else {
      throw TemplateError("functions made more than \(GoTemplate.madeLimit) bytes")
    }
    return value
  }

  /// The first argument whose truth decides, else the last; what comes after is not evaluated.
  private mutating func shortCircuit(
    stopsAt decisive: Bool, _ arguments: [TemplateOperand], _ dot: TemplateValue, _ piped: TemplateValue?
  ) throws(TemplateError) -> TemplateValue {
    var value = TemplateValue.null
    for argument in arguments {
      value = try evaluate(argument, dot)
      if value.isTrue == decisive { return value }
    }
    return piped ?? value
  }

  private mutating func evaluate(
    _ operand: TemplateOperand, _ dot: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    switch operand {
    case .literal(let value): return value
    case .null: return .null
    case .dot: return dot
    case .variable(let name): return variables.last { $0.name == name }?.value ?? .null
    case .function(let function): return try call(function, [])
    case .pipeline(let pipeline): return try evaluate(pipeline, dot)
    case .fields(let base, let names):
      var value = try evaluate(base, dot)
      for name in names {
        guard case .data(let result) = value else {
          throw TemplateError("a \(value.typeName) has no field .\(name)")
        }
        value = .string(result)
      }
      return value
    }
  }
}
