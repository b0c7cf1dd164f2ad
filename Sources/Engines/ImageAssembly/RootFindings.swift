package import Archives
package import ImagePlanning

/// What was found in a root filesystem on its way into an image.
package struct RootFindings {
    /// Kernels, left out of the root image.
    package var kernels: [BootFileChoice.Candidate] = []
    /// Initrds, left out of the root image.
    package var initrds: [BootFileChoice.Candidate] = []
    /// Content of small files by path: os-release and keys.
    package var texts: [String: [UInt8]] = [:]
    /// Kernel versions that have modules.
    package var moduleVersions: Set<KernelVersion> = []
    /// Whether there is a first process.
    package var hasInit = false
    /// Whether there is an agent, without which no initramfs of this image can mount its root.
    package var hasAgent = false
    /// Whether the image refuses to be booted with a signature of the machine (`/usr/lib/lifeboot/refuse-local-images`).
    package var refusesLocalSignature = false
    /// The architecture of its programs; nil when there are none.
    package var architecture: String?
    /// What is worth saying, with counts.
    package var notes = ArchiveNotes()

    /// Begins with nothing.
    package init() {}

    /// The content of os-release; nil when there is none.
    var osRelease: [UInt8]? { RootfsRules.osReleases.lazy.compactMap { texts[$0] }.first }
}
