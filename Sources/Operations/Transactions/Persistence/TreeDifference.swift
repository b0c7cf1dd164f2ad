import LinuxSystem
import SystemPackage
import TransactionPlanning

/// Compares what is in a kept path with what the image has there.
///
/// What counts are the kinds of files, their content, mode and owner; times do not, nor do extended attributes. Content is
/// always read: images are often built with one time for all files, and a byte more or less is not the only change there is.
struct TreeDifference {
    /// What was found.
    var found: KeptDifference
    private let root: FilePath
    private let since: Int64?

    /// How deep folders are looked into, and how many things are looked at.
    private static let limits = (depth: 128, entries: 2_000_000)
    private var entries = 0

    /// Prepares for a comparison.
    ///
    /// - Parameters:
    ///   - path: what the place of the comparison is called.
    ///   - since: when the machine got the running image, in seconds since 1970; nil when nobody knows.
    ///   - limit: how many differences are named.
    init(of path: FilePath, since: Int64?, limit: Int) {
        root = path
        self.since = since
        found = KeptDifference(limit: limit)
    }

    /// Compares two folders.
    ///
    /// - Parameter layer: names all that can differ, when it is an upper layer; else the same as `here`.
    mutating func compare(
        here: borrowing DirectoryHandle, image: borrowing DirectoryHandle, layer: borrowing DirectoryHandle,
        isLayer: Bool, at part: FilePath = "", depth: Int = 0
    ) {
        guard depth < Self.limits.depth else { return found.remarks.append("\(place(part)): deeper is not looked at") }
        let names: [String]
        do throws(SystemError) {
            names = try isLayer ? layer.names() : Set(here.names() + image.names()).sorted()
        } catch { return remark(part, error) }
        for name in names {
            guard let component = FilePath.Component(name), enter() else { continue }
            let part = part.appending(component)
            do throws(SystemError) {
                try compare(component, part, here, image, layer, isLayer, depth)
            } catch {
                // Something is mounted there, which is kept by itself or not at all.
                if error.errno != .improperLink { remark(part, error) }
            }
        }
    }

    /// Compares one name in two folders.
    mutating func compare(
        _ name: FilePath.Component, _ part: FilePath, _ here: borrowing DirectoryHandle,
        _ image: borrowing DirectoryHandle, _ layer: borrowing DirectoryHandle, _ isLayer: Bool, _ depth: Int
    ) throws(SystemError) {
        switch (try here.status(name), try image.status(name)) {
        case (nil, nil): break
        case (nil, .some): found.add(KeptChange(place(part), .removed))
        case (let status?, nil): try add(name, part, status, here, depth)
        case (let status?, let former?):
            if let aspect = try aspect(name, status, former, here, image) {
                let isOlder = since.map { status.changed < $0 } ?? false
                found.add(
                    KeptChange(place(part), .changed, aspect, isOlder: isOlder && status.kind != .directory),
                    size: status.kind == .file ? status.size : 0)
            }
            guard status.kind == .directory, former.kind == .directory, let here = try here.descend([name]),
                let image = try image.descend([name])
            else { return }
            if isLayer, let own = try layer.descend([name]), try own.showsLower {
                compare(here: here, image: image, layer: own, isLayer: true, at: part, depth: depth + 1)
            } else {
                compare(here: here, image: image, layer: here, isLayer: false, at: part, depth: depth + 1)
            }
        }
    }

    /// Notes what the image does not have, with all that is in it.
    mutating func add(
        _ name: FilePath.Component, _ part: FilePath, _ status: FileStatus, _ folder: borrowing DirectoryHandle,
        _ depth: Int
    ) throws(SystemError) {
        found.add(KeptChange(place(part), .added), size: status.kind == .file ? status.size : 0)
        guard status.kind == .directory, let inner = try folder.descend([name]) else { return }
        guard depth < Self.limits.depth else { return found.remarks.append("\(place(part)): deeper is not looked at") }
        for text in try inner.names() {
            guard let name = FilePath.Component(text), enter(), let status = try inner.status(name) else { continue }
            do throws(SystemError) { try add(name, part.appending(name), status, inner, depth + 1) } catch {
                if error.errno != .improperLink { throw error }
            }
        }
    }

    /// What of something differs that both have; nil when nothing does.
    private func aspect(
        _ name: FilePath.Component, _ one: FileStatus, _ other: FileStatus, _ here: borrowing DirectoryHandle,
        _ image: borrowing DirectoryHandle
    ) throws(SystemError) -> KeptChange.Aspect? {
        guard one.kind == other.kind else { return .type }
        switch one.kind {
        case .file:
            guard one.size == other.size,
                try FileContent.isSame(here.mountTarget.appending(name), image.mountTarget.appending(name))
            else { return .content }
        case .link: if here.linkTarget(name) != image.linkTarget(name) { return .content }
        case .blockDevice, .other: if one.device != other.device { return .type }
        case .directory: break
        }
        return one.permissions == other.permissions && one.owner == other.owner ? nil : .attributes
    }

    /// Counts one thing more; false when there are too many.
    private mutating func enter() -> Bool {
        entries += 1
        if entries == Self.limits.entries { found.remarks.append("\(root): there are too many files to look at all") }
        return entries < Self.limits.entries
    }

    func place(_ part: FilePath) -> FilePath { root.appending(part.components) }

    mutating func remark(_ part: FilePath, _ error: SystemError) {
        if found.remarks.count < 100 { found.remarks.append("\(place(part)): \(error)") }
    }
}

extension DirectoryHandle {
    /// Whether the lower layer's folder of the same name shows through this one of an upper layer.
    var showsLower: Bool {
        get throws(SystemError) {
            for mark in [OverlayMark.opaque, OverlayMark.redirect]
            where try OverlayMark.attribute(mark, of: mountTarget.appending(".")) != nil { return false }
            return true
        }
    }
}
