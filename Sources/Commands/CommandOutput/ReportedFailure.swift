package import Faults
import JSONText

/// Says why a command failed, as it is told to people and programs.
package struct ReportedFailure: Equatable, Sendable {
    /// One line for people.
    package var message: String
    /// The reason.
    package var kind: RefusalKind
    /// What the program ends with.
    package var status: Int32
    /// What was being done; nil, like the next three, when the error is one text.
    package var operation: String?
    /// What it was done to.
    package var subject: String?
    /// Why it failed.
    package var cause: String?
    /// What the operator can do.
    package var remedy: String?

    /// States a failure of which only a text is known.
    package init(_ message: String, kind: RefusalKind = .impossible, status: Int32) {
        self.message = message
        self.kind = kind
        self.status = status
    }

    /// States an error of any layer; what no `Fault` tells apart stays one text.
    package init(_ error: any Error, kind: RefusalKind = .impossible, status: Int32) {
        self.init("\(error)", kind: kind, status: status)
        guard let fault = error as? any OperatorFault else { return }
        (operation, subject) = (fault.operation, fault.subject)
        (cause, remedy) = (fault.cause, fault.remedy)
    }

    /// The members of the event `error`.
    var members: JSONObject {
        [
            "kind": .string(kind.rawValue), "message": .string(message), "operation": .text(operation),
            "subject": .text(subject), "cause": .text(cause), "remedy": .text(remedy),
            "status": .integer(Int64(status)),
        ]
    }
}

/// What both programs end with; the machine's program has further ones (docs/operating.md).
package enum ExitStatus {
    /// Done.
    package static let success: Int32 = 0
    /// A check found something wrong.
    package static let negative: Int32 = 1
    /// Something could not be done, found out or written.
    package static let undetermined: Int32 = 2
    /// The command line was not understood (`EX_USAGE`).
    package static let usage: Int32 = 64
}

extension JSONValue {
    /// A string, or `null`.
    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
