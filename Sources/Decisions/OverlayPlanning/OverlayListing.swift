import DiskContract
package import SystemPackage

/// A folder that overlays lie in.
package enum OverlayFolder: String, CaseIterable, Sendable {
    /// That of the image.
    case system
    /// That of the OEM partition, whose overlays replace the image's of the same name.
    case oem

    /// Where it is.
    package var path: FilePath {
        switch self {
        case .system: MachinePaths.imageOverlays
        case .oem: MachinePaths.oemOverlays
        }
    }
}

/// An overlay and the folder that it lies in.
package struct OverlaySource: Equatable, Sendable {
    /// The folder.
    package let folder: OverlayFolder
    /// The file or folder in it.
    package let file: OverlayFile

    /// Places an overlay.
    package init(_ folder: OverlayFolder, _ file: OverlayFile) {
        self.folder = folder
        self.file = file
    }

    /// Its path.
    package var path: FilePath { folder.path.appending(file.fileName) }
    /// The name of the overlay.
    package var name: OverlayName { file.name }
}

/// What the entries of a folder of overlays are, by their names alone.
package struct OverlayListing: Equatable, Sendable {
    /// One entry of the folder.
    package struct Entry: Equatable, Sendable {
        /// Its name.
        package var name: String
        /// Whether it is a folder; what a link leads to counts.
        package var isFolder: Bool

        /// Describes an entry.
        package init(_ name: String, isFolder: Bool) {
            self.name = name
            self.isFolder = isFolder
        }
    }

    /// What a policy's file ends with.
    static let policySuffix = ".yaml"
    /// What a signature's file ends with.
    static let signatureSuffix = ".sig"
    /// What files end with that lie beside an image for dm-verity, as systemd names them (systemd.exec(5), `RootVerity=`).
    static let veritySuffixes = [".verity", ".roothash", ".roothash.p7s"]

    /// What the names of files end with that are about an overlay; no folder's does.
    static let suffixesBeside = [policySuffix, signatureSuffix] + veritySuffixes
    /// The most entries that are looked at.
    package static let limit = 4096

    /// The overlays, in byte order of their files.
    package private(set) var overlays: [OverlaySource] = []
    /// The policies, in byte order.
    package private(set) var policies: [OverlayName] = []
    /// Names of files that have a signature beside them.
    package private(set) var signed: Set<String> = []
    /// What is nothing, a sentence each without full stop.
    package private(set) var remarks: [String] = []

    /// Tells the entries of a folder apart.
    package init(_ folder: OverlayFolder, _ entries: [Entry]) {
        let ordered = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.prefix(Self.limit)
        for entry in ordered { takeOverlay(entry, folder) }
        let files = Set(ordered.filter { !$0.isFolder }.map(\.name))
        let overlayFiles = Set(overlays.map(\.file.fileName))
        let images = overlays.map(\.file).filter(\.form.isImage)
        let stems = Set(images.map { String($0.fileName.dropLast($0.form.rawValue.count)) })
        for entry in ordered where !overlayFiles.contains(entry.name) {
            guard !takeBeside(entry, files, images: stems) else { continue }
            remarks.append("\(folder.path.appending(entry.name)) is nothing: \(reason(entry))")
        }
        if entries.count > Self.limit {
            remarks.append("\(folder.path) has \(entries.count) entries; those after \(Self.limit) are not looked at")
        }
    }

    private mutating func takeOverlay(_ entry: Entry, _ folder: OverlayFolder) {
        guard let file = OverlayFile(entry.name, isFolder: entry.isFolder) else { return }
        overlays.append(OverlaySource(folder, file))
    }

    /// Takes what lies beside overlays; false for what is nothing.
    private mutating func takeBeside(_ entry: Entry, _ files: Set<String>, images: Set<String>) -> Bool {
        if entry.isFolder { return false }
        if entry.name.hasSuffix(Self.signatureSuffix) {
            let name = String(entry.name.dropLast(Self.signatureSuffix.count))
            guard files.contains(name), !name.hasSuffix(Self.signatureSuffix) else { return false }
            signed.insert(name)
            return true
        }
        if let name = policy(entry.name) {
            policies.append(name)
            return true
        }
        return Self.veritySuffixes.contains {
            entry.name.hasSuffix($0) && images.contains(String(entry.name.dropLast($0.count)))
        }
    }

    private func policy(_ name: String) -> OverlayName? {
        guard name.hasSuffix(Self.policySuffix) else { return nil }
        let stem = String(name.dropLast(Self.policySuffix.count))
        // A policy goes for every version of its overlay, and for whatever that is stored as.
        guard let file = OverlayFile(stem, isFolder: true), file.version == nil else { return nil }
        return file.name
    }

    private func reason(_ entry: Entry) -> String {
        let suffixes = OverlayForm.allCases.map(\.rawValue).filter { !$0.isEmpty }
        if entry.isFolder, (suffixes + Self.suffixesBeside).contains(where: entry.name.hasSuffix) {
            return "a folder has no such suffix"
        }
        if entry.name.hasSuffix(Self.signatureSuffix) { return "what it would sign is not there" }
        if Self.veritySuffixes.contains(where: entry.name.hasSuffix) {
            return "the image that it would check is not there"
        }
        return """
            an overlay is \(OverlayName.form), and a folder or one of \(suffixes.joined(separator: ", ")); its policy \
            ends with \(Self.policySuffix)
            """
    }
}
