import ImageModel
import SystemPackage

/// Which policy counts for which overlay.
struct OverlayPolicies {
    /// The policies that count, by name.
    private(set) var files: [OverlayName: OverlayPolicyFile] = [:]
    /// What was passed over, without full stops.
    private(set) var remarks: [String] = []
    private let isRecovery: Bool

    /// Takes the policy of the OEM partition over the image's; on a sealed machine only when an image key has signed it.
    init(_ policies: [OverlayPolicyFile], _ host: OverlayHost) {
        isRecovery = host.role == .recovery
        let order = policies.sorted {
            ($0.name, $0.folder == .system ? 0 : 1) < ($1.name, $1.folder == .system ? 0 : 1)
        }
        for file in order {
            if file.folder == .system || file.isSigned || !host.isSealed {
                files[file.name] = file
            } else {
                let path = file.folder.path.appending(file.name.description + OverlayListing.policySuffix)
                remarks.append("\(path) does not count: this system is sealed, and no image key has signed it")
            }
        }
    }

    /// Whether a boot ends when the overlay is bad.
    ///
    /// A policy that is wrong does not say that recovery needs anything.
    func isRequired(_ name: OverlayName) -> Bool {
        switch files[name]?.contents {
        case .policy(let policy): policy.isRequired
        case .wrong(_, let saysRequired): saysRequired && !isRecovery
        case nil: false
        }
    }

    /// Why nothing is known of where an overlay is meant to be; nil when it is known.
    func fault(_ name: OverlayName) -> String? {
        guard let file = files[name], case .wrong(let reason, _) = file.contents else { return nil }
        let path = file.folder.path.appending(name.description + OverlayListing.policySuffix)
        return "\(path) is wrong: \(reason)"
    }

    /// What is said about an overlay; what counts when nothing is said.
    func policy(_ name: OverlayName) -> OverlayPolicy {
        if case .policy(let policy) = files[name]?.contents { policy } else { OverlayPolicy() }
    }
}
