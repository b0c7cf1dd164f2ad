import BootModel
import ImageModel

/// Words a failed boot for the person at the console.
enum FailureMessage {
    static func text(_ report: BootReport, _ failure: BootFailure) -> String {
        let parameters = report.parameters
        let role = parameters.role?.rawValue ?? "this"
        let image = parameters.image.map { " (image \($0))" } ?? ""
        let line = String(repeating: "=", count: 72)
        return """

            \(line)
              lifeboot: the \(role) system did not start\(image)

              step:   \(failure.step) \(failure.subject)
              cause:  \(failure.cause)

              \(next(parameters))
            \(line)

            """
    }

    private static func next(_ parameters: BootParameters) -> String {
        if parameters.shellOnFailure { return "A shell opens. /run/lifeboot/boot.json has every step." }
        let seconds = parameters.rebootDelay
        switch parameters.triesLeft {
        case 0: return "No attempts are left: in \(seconds) s the next image is started."
        case let left?:
            return "Starting again in \(seconds) s; \(left) more attempt\(left == 1 ? "" : "s") before the next image."
        case nil: return "Starting again in \(seconds) s."
        }
    }
}
