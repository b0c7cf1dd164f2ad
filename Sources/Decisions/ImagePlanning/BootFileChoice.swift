/// Chooses the kernel and the initrd of an image, as a pair, among those that its root filesystem holds.
package struct BootFileChoice: Equatable, Sendable {
    /// A kernel or an initrd that was found.
    package struct Candidate: Equatable, Sendable {
        /// The version in its name.
        package var version: KernelVersion
        /// Its path, relative to the root.
        package var path: String
        /// What its first bytes say of a kernel; nil for an initrd, and for a file that is no kernel that is known here.
        package var header: KernelHeader?

        /// Describes what was found.
        package init(version: KernelVersion, path: String, header: KernelHeader? = nil) {
            self.version = version
            self.path = path
            self.header = header
        }

        /// The version of its modules: what the file says, else what its name says.
        package var built: KernelVersion { header?.version ?? version }
    }

    /// The chosen kernel.
    package var kernel: Candidate
    /// The initrd of the same version.
    package var initrd: Candidate
    /// Kernels that were passed over because they are none, by path.
    package var passedOver: [String] = []

    /// Takes the newest kernel that has a kernel's header and modules, or the one of the version asked for, and its initrd.
    ///
    /// Kernels for rescue and for looking for faults are taken only when their version is asked for.
    ///
    /// - Parameter modules: the versions that have modules.
    /// - Throws: `ImagePlanningError` when there is no such kernel, when it has no initrd, or when one version lies at two
    ///   places of equal rank.
    package init(
        kernels: [Candidate], initrds: [Candidate], modules: Set<KernelVersion> = [], version: KernelVersion? = nil
    ) throws(ImagePlanningError) {
        let wanted = kernels.filter { kernel in
            version.map { kernel.version == $0 || kernel.built == $0 } ?? !BootFileName.isSpecial(kernel.version)
        }
        let real = Self.preferred(wanted) { $0.header != nil }
        let fitting = Self.preferred(real) { modules.contains($0.built) || modules.contains($0.version) }
        guard let newest = fitting.map(\.built).max() else { throw Self.missing("kernel", version, kernels) }
        kernel = try Self.only(fitting.filter { $0.built == newest }, "kernel")
        initrd = try Self.initrd(of: kernel, initrds)
        passedOver = real.count < wanted.count ? wanted.filter { $0.header == nil }.map(\.path).sorted() : []
    }

    /// The one that is named as the kernel is, else the one of the version that the kernel says.
    private static func initrd(
        of kernel: Candidate, _ initrds: [Candidate]
    ) throws(ImagePlanningError) -> Candidate {
        let named = initrds.filter { $0.version == kernel.version }
        let fitting = named.isEmpty ? initrds.filter { $0.version == kernel.built } : named
        guard !fitting.isEmpty else { throw missing("initrd", kernel.version, initrds) }
        return try only(fitting, "initrd")
    }

    /// Those that fulfil a wish, or all when none does.
    private static func preferred(_ candidates: [Candidate], _ wish: (Candidate) -> Bool) -> [Candidate] {
        let fulfilling = candidates.filter(wish)
        return fulfilling.isEmpty ? candidates : fulfilling
    }

    /// The only candidate, or the only one in `/boot`, where distributions put a copy of what they ship with the modules;
    /// of several there the one that is named after its version.
    private static func only(_ candidates: [Candidate], _ what: String) throws(ImagePlanningError) -> Candidate {
        let rest = preferred(preferred(candidates) { $0.path.hasPrefix("boot/") }) { $0.version == $0.built }
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
            ? "Install one so that /boot/vmlinuz-VERSION is there, or name one of these with --kernel-version."
            : "Make one with 'dracut --kver VERSION /boot/initrd.img-VERSION', or choose another kernel with --kernel-version."
        return ImagePlanningError("choosing the \(what) of", "there is no \(what)\(wanted), \(others)", remedy: remedy)
    }
}
