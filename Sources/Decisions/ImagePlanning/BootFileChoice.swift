/// Chooses the kernel and the initrd of an image among those that its root filesystem holds.
package struct BootFileChoice: Equatable, Sendable {
    /// A kernel or an initrd that was found.
    package struct Candidate: Equatable, Sendable {
        /// Its version.
        package var version: KernelVersion
        /// Its path, relative to the root.
        package var path: String

        /// Describes what was found.
        package init(version: KernelVersion, path: String) {
            self.version = version
            self.path = path
        }
    }

    /// The chosen kernel.
    package var kernel: Candidate
    /// The initrd of the same version.
    package var initrd: Candidate

    /// Takes the newest kernel, or the one of the version asked for, and its initrd.
    ///
    /// - Throws: `ImagePlanningError` when there is no such kernel, when it has no initrd, or when one version lies at two
    ///   places of equal rank.
    package init(
        kernels: [Candidate], initrds: [Candidate], version: KernelVersion? = nil
    ) throws(ImagePlanningError) {
        let wanted = version ?? kernels.map(\.version).max()
        guard let wanted, kernels.contains(where: { $0.version == wanted }) else {
            throw Self.missing("kernel", wanted, kernels)
        }
        guard initrds.contains(where: { $0.version == wanted }) else { throw Self.missing("initrd", wanted, initrds) }
        kernel = try Self.only(kernels.filter { $0.version == wanted }, "kernel")
        initrd = try Self.only(initrds.filter { $0.version == wanted }, "initrd")
    }

    /// The only candidate, or the only one in `/boot`, where distributions put a copy of what they ship with the modules.
    private static func only(_ candidates: [Candidate], _ what: String) throws(ImagePlanningError) -> Candidate {
        let preferred = candidates.filter { $0.path.hasPrefix("boot/") }
        let rest = preferred.isEmpty ? candidates : preferred
        guard let candidate = rest.first, rest.count == 1 else {
            throw ImagePlanningError(
                "choosing the \(what) of", "there are several: \(rest.map(\.path).joined(separator: ", "))",
                remedy: "Remove all but one.")
        }
        return candidate
    }

    private static func missing(
        _ what: String, _ version: KernelVersion?, _ found: [Candidate]
    ) -> ImagePlanningError {
        let wanted = version.map { " of version '\($0)'" } ?? ""
        let others = found.isEmpty ? "none at all" : "only \(found.map(\.path).sorted().joined(separator: ", "))"
        let remedy =
            what == "kernel"
            ? "Install one so that /boot/vmlinuz-VERSION is there."
            : "Make one with 'dracut --kver VERSION /boot/initrd.img-VERSION'."
        return ImagePlanningError("choosing the \(what) of", "there is no \(what)\(wanted), \(others)", remedy: remedy)
    }
}
