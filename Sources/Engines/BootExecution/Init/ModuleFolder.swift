import BootModel
import Faults
import KernelModules
import LinuxSystem
import SystemPackage

/// The modules of the kernel that runs, as the initramfs has them.
struct ModuleFolder: Sendable {
    /// The largest file of an index or of settings that is read, in bytes; a distribution's whole `modules.alias` has 1 MiB.
    private static let limit = 16 << 20
    private static let settings: [FilePath] = ["/usr/lib/modprobe.d", "/etc/modprobe.d"]

    /// Where they are.
    let path: FilePath
    /// What there is, and what the owner says.
    let resolver: ModuleResolver
    /// What of the settings is not followed, one line each.
    let problems: [String]

    /// Reads the indexes of the kernel that runs; nil when the initramfs has modules of no kernel.
    ///
    /// - Throws: `EffectError` when it has only those of other kernels; `SystemError` when a file cannot be read.
    static func ofThisKernel(
        _ line: KernelCommandLine, in root: FilePath = "/", release: String = KernelNames.release
    ) throws -> ModuleFolder? {
        let all = root.appending("lib/modules")
        guard try FileStatus.of(all) != nil else { return nil }
        let releases = try Folders.names(of: all).sorted()
        guard !releases.isEmpty else { return nil }
        guard releases.contains(release) else { throw EffectError.otherKernel(release, modulesOf: releases) }
        return try ModuleFolder(all.appending(release), line, settings.map { root.appending($0.components) })
    }

    private init(_ path: FilePath, _ line: KernelCommandLine, _ folders: [FilePath]) throws {
        var index = ModuleIndex()
        var settings = ModuleSettings()
        var problems: [String] = []
        index.addDependencies(try Self.bytes(path.appending("modules.dep")))
        index.addBuiltin(try Self.bytes(path.appending("modules.builtin")))
        for name in ["modules.alias", "modules.softdep"] { index.addLines(try Self.bytes(path.appending(name))) }
        for file in try Self.files(of: folders) {
            let bytes = try Self.bytes(file)
            index.addLines(bytes)
            problems += settings.add(configuration: bytes).map { "\(file): \($0)" }
        }
        for word in line.words { settings.add(word: word.name, word.value) }
        self.path = path
        resolver = ModuleResolver(index, settings)
        self.problems = problems
    }

    /// The files of modprobe.d(5) in the order of their names; of one name the later folder's counts.
    private static func files(of folders: [FilePath]) throws(SystemError) -> [FilePath] {
        var files: [String: FilePath] = [:]
        for folder in folders {
            guard try FileStatus.of(folder) != nil else { continue }
            for name in try Folders.names(of: folder) where name.hasSuffix(".conf") {
                files[name] = folder.appending(name)
            }
        }
        return files.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func bytes(_ path: FilePath) throws(SystemError) -> [UInt8] {
        try FileBytes.readIfPresent(path, limit: limit) ?? []
    }
}

extension EffectError {
    /// The initramfs was made for other kernels than the one that runs.
    static func otherKernel(_ release: String, modulesOf releases: [String]) -> EffectError {
        EffectError(
            .modules, "looking for", "modules of the kernel \(release)",
            cause: "the initramfs was made for \(releases.joined(separator: ", "))",
            remedy: "Kernel and initramfs must be of one image: boot another entry, and make the initramfs again.")
    }
}
