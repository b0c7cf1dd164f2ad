package import Cryptography
import DocumentTree
package import ImagePlanning
import OEMModel
import SystemLayout
package import SystemPackage
import YAMLDocuments

/// Gathers what the checks of an image ask about.
package struct ImageInspection {
    private let purpose: ImageFacts.Purpose
    private let signer: PublicKey?
    private let progress: () throws -> Void

    /// Prepares to gather.
    ///
    /// - Parameters:
    ///   - signer: the key that signs the image; nil when nobody named it.
    ///   - progress: is called often; what it throws ends the gathering.
    package init(_ purpose: ImageFacts.Purpose, signer: PublicKey? = nil, progress: @escaping () throws -> Void = {}) {
        self.purpose = purpose
        self.signer = signer
        self.progress = progress
    }

    /// Everything that is known of an image whose files were found.
    ///
    /// - Parameters:
    ///   - initrd: the initramfs; nil when it is not to be looked into.
    ///   - arguments: the kernel arguments that the manifest will have.
    /// - Throws: what `progress` throws; `SystemError` when the initramfs cannot be read.
    package func facts(_ findings: RootFindings, initrd: FilePath?, arguments: [String]) throws -> ImageFacts {
        var facts = ImageFacts(purpose, tree: findings.tree)
        facts.moduleVersions = findings.moduleVersions
        facts.kernel = findings.kernel
        facts.hasOSRelease = findings.osRelease != nil
        facts.kernelArguments = arguments
        facts.layout = Self.layout(findings.texts)
        facts.refusedSteps = Self.refusedSteps(findings.texts)
        facts.fstab = findings.texts["etc/fstab"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        if let initrd { facts.initrd = try InitrdReader.read(initrd, progress: progress) }
        var texts = [findings.texts]
        if case .read(let content) = facts.initrd { texts.append(content.texts) }
        let inspection = KeyInspection(signer: signer, texts: texts)
        facts.keys = inspection.keys(texts[0])
        if texts.count > 1 { facts.initrdKeys = inspection.keys(texts[1]) }
        return facts
    }

    static func refusedSteps(_ texts: [String: [UInt8]]) -> [String] {
        // Of a longer one only the beginning was kept, which may end in the middle of a step.
        let whole = texts.filter { RootfsRules.isConfiguration(path: $0.key) && $0.value.count < FileHead.textLimit }
        return whole.keys.sorted().flatMap { path in
            configuration(texts[path] ?? []).remarks.filter { $0.level >= .step }
                .map { "\(path) line \($0.mark.line): \($0.reason)" }
        }
    }

    private static func configuration(_ bytes: [UInt8]) -> OEMFile {
        OEMFile(bytes) { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes, references: .expanded) }
    }

    private static func layout(_ texts: [String: [UInt8]]) -> ImageFacts.LayoutFile {
        guard let path = RootfsRules.layouts.first(where: { texts[$0] != nil }), let text = texts[path] else {
            return .none
        }
        do throws(DocumentError) {
            guard let document = try YAMLDocument.parse(text) else { return .none }
            let layout = try Layout(document)
            let persistent = layout.persistentPaths.map(relative)
            let volumes = layout.volumes.map { relative($0.path) }
            return .read(
                path: path, writable: layout.ephemeralPaths.map(relative) + persistent + volumes,
                needed: persistent + volumes)
        } catch {
            return .broken(path: path, reason: "line \(error.mark.line): \(error.reason)")
        }
    }

    private static func relative(_ path: FilePath) -> String { String(path.string.drop { $0 == "/" }) }
}
