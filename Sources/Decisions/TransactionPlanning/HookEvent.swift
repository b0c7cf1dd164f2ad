package import SystemPackage

/// A moment of an operation at which the executables of a folder run, and the stage of the same name.
package struct HookEvent: Equatable, Sendable, CustomStringConvertible {
    /// The moments, in order.
    package enum Moment: String, CaseIterable, Sendable {
        /// Before anything is written.
        case before
        /// Inside the new image, before it counts.
        case afterChroot
        /// When everything is in place, before the commit.
        case after
        /// After the commit; a failure is only a warning.
        case post
    }

    /// The folders in which the folders of events lie: of the image, then of the machine.
    package static let folders: [FilePath] = ["/usr/lib/lifeboot/hooks", "/etc/lifeboot/hooks"]

    /// What running its hooks is, for plans.
    static let explanation =
        "Run the executables of this event in name order, then what files of configuration have for the stage of its name."

    /// The moment.
    package var moment: Moment
    /// The operation: `upgrade`, `reset` or `install`.
    package var operation: String

    /// Makes an event.
    package init(_ moment: Moment, of operation: String) {
        self.moment = moment
        self.operation = operation
    }

    /// What its hooks cannot run without.
    var needs: [DeploymentProduct] { moment == .afterChroot ? [.image] : [] }

    /// The event's name, such as `after-upgrade-chroot`; its folder is this with `.d`.
    package var description: String {
        switch moment {
        case .before: "before-\(operation)"
        case .afterChroot: "after-\(operation)-chroot"
        case .after: "after-\(operation)"
        case .post: "post-\(operation)"
        }
    }
}
