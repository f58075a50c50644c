import Kubernetes

/// The templates in the actions of service qualities.
enum QualityTemplate {
  /// The text with the probe's result filled in; nil where the template does not parse or fails.
  static func render(_ template: String, result: String) -> String? {
    do throws(TemplateError) {
      return try GoTemplate(template).render(result: result)
    } catch {
      return nil
    }
  }
}
