package import Faults

/// Says why no image can be made of a root filesystem.
package typealias ImagePlanningError = Fault<ImagePlanningFault>

/// Names what a root filesystem fails by.
package enum ImagePlanningFault: FaultKind {
    /// It lacks something, or has it twice.
    case rootFilesystem
}

extension ImagePlanningError {
    /// Names a fault of the root filesystem.
    package init(_ operation: String, _ cause: String, remedy: String) {
        self.init(.rootFilesystem, operation, "the root filesystem", cause: cause, remedy: remedy)
    }
}
