package import BootModel
package import DataSources
import DiskContract
import InstalledSystem
import LinuxSystem
package import SystemPackage

/// The files of configuration that the kernel's command line names: paths are read in every stage, addresses are asked once
/// the network is there, and what they gave is read from then on.
package struct SetupFiles: Sendable {
    private let sources: [SetupSource]

    /// Names sources, none by default.
    package init(_ sources: [SetupSource] = []) { self.sources = sources }

    /// What the command line of this machine names; another root than that of the running system has none.
    package init(ofThisMachineFor root: FilePath) {
        guard root == "/", let line = try? Procfs.commandLine() else {
            self.init()
            return
        }
        self.init(BootParameters(KernelCommandLine(parsing: line)).setupSources)
    }

    /// The files that are there, in the order of the command line.
    package func files(in root: FilePath) -> [FilePath] {
        sources.indices.flatMap { number in
            StageFiles.given(place(number), in: root).filter { Self.isThere($0, in: root) }
        }
    }

    /// Asks the addresses, and keeps what they give for this boot.
    ///
    /// - Parameters:
    ///   - root: where it is kept.
    ///   - onlyMissing: whether an address is left alone that has given something in this boot.
    ///   - search: for tests.
    /// - Returns: the folders in which something is new, and what did not work, a sentence each.
    package func fetch(
        in root: FilePath, onlyMissing: Bool = false, search: DataSourceSearch = DataSourceSearch()
    ) -> (new: [FilePath], problems: [String]) {
        var (new, problems) = ([FilePath](), [String]())
        for (number, source) in sources.enumerated() {
            guard case .address(let address) = source else { continue }
            let place = place(number)
            if onlyMissing, !StageFiles.below(place, in: root).isEmpty { continue }
            let finding = search.find(providers: [address], scope: .all)
            guard finding.provider != nil else {
                problems.append("lifeboot.setup: \(finding.remarks.joined(separator: "; "))")
                continue
            }
            if finding.isIncomplete || finding.parts.isEmpty {
                let remarks = finding.remarks.isEmpty ? ["\(finding.place) has no configuration"] : finding.remarks
                problems.append("lifeboot.setup: \(remarks.joined(separator: "; "))")
            }
            do { if try DataSourceStore(root: root).keepParts(finding, in: place) { new.append(place) } } catch {
                problems.append("lifeboot.setup: \(error)")
            }
        }
        return (new, problems)
    }

    /// What the command line names that means nothing, or is not there, a sentence each.
    package func problems(in root: FilePath) -> [String] {
        sources.compactMap { source in
            switch source {
            case .path(let path) where !Self.isThere(path, in: root): "lifeboot.setup: \(path) is not there"
            case .unknown: "lifeboot.setup: a value is neither an absolute path nor an http or https address"
            case .path, .address: nil
            }
        }
    }

    private func place(_ number: Int) -> FilePath {
        if case .path(let path) = sources[number] { return path }
        return MachinePaths.setupData.appending("\(number)")
    }

    private static func isThere(_ path: FilePath, in root: FilePath) -> Bool {
        guard let name = path.lastComponent else { return false }
        do {
            return try DirectoryHandle(root: root).directory(path.removingLastComponent()).status(name) != nil
        } catch { return false }
    }
}
