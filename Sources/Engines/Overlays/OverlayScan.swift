import DocumentTree
import Faults
package import ImageFolders
import LinuxSystem
package import OverlayPlanning
import SystemPackage
import YAMLDocuments

/// What the folders of overlays hold, before anything is looked into.
package struct OverlayScan: Equatable, Sendable {
    /// The reason for which an overlay counts as unreadable until it is opened.
    package static let unopened = "nobody has looked into it yet"

    /// The overlays, not looked into.
    package private(set) var candidates: [OverlayCandidate] = []
    /// The policies.
    package private(set) var policies: [OverlayPolicyFile] = []
    /// What is nothing.
    package private(set) var remarks: [String] = []

    /// Whether there is nothing to decide.
    package var isEmpty: Bool { candidates.isEmpty && policies.isEmpty && remarks.isEmpty }

    /// Reads both folders below a root; a folder that cannot be read is a remark.
    ///
    /// - Parameter added: overlays that are to be judged as if they lay there.
    package init(_ root: OverlayRoot, _ seal: SystemSeal, added: [OverlaySource] = []) {
        let signatures = OverlaySignatures(seal)
        for folder in OverlayFolder.allCases {
            do throws(SystemError) {
                let listing = OverlayListing(folder, try entries(root.folder(folder)))
                remarks += listing.remarks
                take(listing, folder, root, signatures, added)
            } catch { remarks.append(error.reason) }
        }
    }

    /// Links are passed over: in a boot they would lead into the initramfs, and not into the root.
    private mutating func entries(_ folder: FilePath) throws(SystemError) -> [OverlayListing.Entry] {
        var entries: [OverlayListing.Entry] = []
        // What begins with a dot is not finished yet: it is being added.
        for name in try Folders.names(of: folder) where !name.hasPrefix(".") {
            switch try FileStatus.of(folder.appending(name), followingLinks: false)?.kind {
            case nil: break
            case .link: remarks.append("\(folder.appending(name)) is a link, and not taken: put what it leads to there")
            case let kind: entries.append(OverlayListing.Entry(name, isFolder: kind == .directory))
            }
        }
        return entries
    }

    private mutating func take(
        _ listing: OverlayListing, _ folder: OverlayFolder, _ root: OverlayRoot, _ signatures: OverlaySignatures,
        _ added: [OverlaySource]
    ) {
        let own = added.filter { $0.folder == folder }
        // What is added takes the place of a file of its name.
        for source in listing.overlays.filter({ !own.contains($0) }) + own {
            let protection = OverlayProtection(source, root, signatures)
            candidates.append(OverlayCandidate(source, protection: protection, .unreadable(Self.unopened)))
        }
        for name in listing.policies {
            let file = root.folder(folder).appending("\(name).yaml")
            let isSigned =
                listing.signed.contains("\(name).yaml")
                && Self.isSigned(file, signatures)
            policies.append(OverlayPolicyFile(folder, name, isSigned: isSigned, Self.policy(file)))
        }
    }

    private static func isSigned(_ file: FilePath, _ signatures: OverlaySignatures) -> Bool {
        if case .by = signatures.verdict(ofFile: file, limit: OverlayPolicy.sizeLimit).verdict { true } else { false }
    }

    private static func policy(_ file: FilePath) -> OverlayPolicyFile.Contents {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileBytes.read(file, limit: OverlayPolicy.sizeLimit) } catch {
            return .wrong(error.reason, saysRequired: false)
        }
        do throws(DocumentError) {
            guard let document = try YAMLDocument.parse(bytes) else { return .policy(OverlayPolicy()) }
            do throws(DocumentError) { return .policy(try OverlayPolicy(document)) } catch {
                return .wrong(error.description, saysRequired: OverlayPolicy.saysRequired(document))
            }
        } catch { return .wrong(error.description, saysRequired: false) }
    }
}

extension OverlayScan {
    /// Whether a boot ends without an overlay, when its policy can be read; OEM's goes before the image's, and on a sealed
    /// machine only when it is signed.
    package func isRequired(_ name: OverlayName, isSealed: Bool) -> Bool {
        let own = policies.filter { $0.name == name && ($0.folder == .system || $0.isSigned || !isSealed) }
        guard let file = own.first(where: { $0.folder == .oem }) ?? own.first else { return false }
        if case .policy(let policy) = file.contents { return policy.isRequired }
        return false
    }
}

extension OverlayProtection {
    /// Finds out what keeps an overlay from being changed.
    init(_ source: OverlaySource, _ root: OverlayRoot, _ signatures: OverlaySignatures) {
        guard source.folder == .oem else {
            self = .image
            return
        }
        do throws(SystemError) {
            self =
                try source.file.form.isImage
                ? Self.ofImage(source, root, signatures) : Self.ofFile(root.file(source), signatures)
        } catch { self = .unchecked(error.reason) }
    }

    private static func ofFile(_ file: FilePath, _ signatures: OverlaySignatures) throws(SystemError) -> Self {
        guard try FileStatus.of(SystemSeal.signature(of: file)) != nil else { return .none }
        switch signatures.verdict(ofFile: file, limit: OverlaySignatures.archiveLimit).verdict {
        case .by(let key): return .signed(by: key)
        case .broken(let reason): return .broken(reason)
        case .unchecked(let reason): return .unchecked(reason)
        }
    }

    private static func ofImage(
        _ source: OverlaySource, _ root: OverlayRoot, _ signatures: OverlaySignatures
    ) throws(SystemError) -> Self {
        let (tree, hash) = (root.beside(source, ".verity"), root.beside(source, ".roothash"))
        switch (try FileStatus.of(tree) != nil, try FileStatus.of(hash) != nil) {
        case (false, false): return try ofFile(root.file(source), signatures)
        case (true, false): return .broken("it has a hash tree (\(tree)), and no root hash (\(hash))")
        case (false, true): return .broken("it has a root hash (\(hash)), and no hash tree (\(tree))")
        case (true, true): break
        }
        let (verdict, bytes) = signatures.verdict(ofFile: hash, limit: OverlaySignatures.sizeLimit)
        do throws(StackingError) {
            if !bytes.isEmpty { _ = try RootHash.parse(bytes, hash) }
        } catch { return .broken("\(hash): \(error.cause)") }
        guard try FileStatus.of(SystemSeal.signature(of: hash)) != nil else { return .verity(signedBy: nil) }
        switch verdict {
        case .by(let key): return .verity(signedBy: key)
        case .broken(let reason): return .broken(reason)
        case .unchecked(let reason): return .unchecked(reason)
        }
    }
}
