import LinuxSystem
import OverlayPlanning
import SystemPackage

/// Names the files that lie beside an overlay, and go where it goes; its policy is none of them.
enum BesideOverlay {
    /// Their paths, whether they are there or not; always in the same order.
    static func files(_ overlay: FilePath, _ form: OverlayForm) -> [FilePath] {
        guard form != .folder else { return [] }
        let stem = String(overlay.string.dropLast(form.rawValue.count))
        let images = form.isImage ? [".verity", ".roothash", ".roothash.sig"] : []
        return [FilePath(overlay.string + ".sig")] + images.map { FilePath(stem + $0) }
    }
}

/// Folders of overlays that are no overlays any more, and may still be stacked: the kernel does not say what happens when
/// files vanish below an overlay, so that they are kept until the next boot.
enum PutAside {
    private static let mark = ".old-"

    /// Gives a folder a name that is no overlay's.
    static func move(_ folder: FilePath) throws(SystemError) {
        let parent = folder.removingLastComponent()
        let name = ".\(folder.lastComponent?.string ?? "")\(mark)\(Procfs.bootID)"
        var (target, number) = (parent.appending(name), 1)
        while try FileStatus.of(target, followingLinks: false) != nil {
            number += 1
            target = parent.appending("\(number > 1 ? ".\(number)" : "")\(name)")
        }
        try Folders.rename(folder, to: target)
        try Folders.flushEntry(parent)
    }

    /// Removes what earlier boots put aside.
    static func clear(_ parent: FilePath) throws(SystemError) {
        for name in try Folders.names(of: parent) where name.hasPrefix(".") && isOld(name) {
            try Folders.remove(parent.appending(name), .tree)
        }
    }

    private static func isOld(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let mark = Array(mark.utf8)
        guard let start = bytes.indices.last(where: { bytes[$0...].starts(with: mark) }) else { return false }
        return !bytes[(start + mark.count)...].elementsEqual(Procfs.bootID.utf8)
    }
}
