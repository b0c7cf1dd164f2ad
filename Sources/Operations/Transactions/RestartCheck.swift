import Faults
import GrubEnvironment
package import ImageModel
package import InstalledSystem

/// Decides whether a machine may be restarted to start what an operation made active.
package enum RestartCheck {
    /// Why a restart would not start that image, for people; nil when it would.
    ///
    /// `boot.env` is read again: what a command reported is not what counts.
    ///
    /// - Parameter image: what is to start; nil when anything will do.
    package static func obstacle(
        to image: ImageID?, on machine: borrowing some EnvironmentAccess & ~Copyable
    ) -> String? {
        guard let image else { return nil }
        do {
            let next = try machine.environment().choice { _, _ in true }.attempt
            if next?.image == image, next?.role == .active { return nil }
            return "boot.env does not start image \(image)"
        } catch { return "nobody knows what would start: \(error)" }
    }
}
