import BuildPlanning
import Cryptography
import ImageModel
import LinuxSystem
import PackageModel
import PackageRepositories
import RegistryAccess
import RegistryModel
import SystemPackage

/// A cache of builds in a registry or a layout: the manifest of a package for each key, signed.
struct RemoteCache: Sendable {
    /// How often a registry is asked before it is given up: a build is quicker than patience.
    static let attempts = 2

    /// Where it is.
    let place: RepositoryPlace
    /// How registries are reached.
    let access: RegistryConfiguration
    /// Whose signature counts.
    let keys: [TrustedKey]
    /// How long it may take to answer.
    var patience = RequestTime.answers

    /// Takes what was made with a key.
    ///
    /// - Parameters:
    ///   - names: of the packages that want it: itself, then what is split off.
    ///   - cache: where the layers go; nil only looks.
    /// - Returns: nil when it has nothing of this key.
    /// - Throws: `RemoteCacheError` for what is signed by nobody who is trusted, or not of this key; the errors of the
    ///   place; `SystemError` when the layers cannot be written.
    func take(_ key: String, named names: [PackageName], into cache: BuildCache?) throws -> [BuildOutput]? {
        let time = RequestTime("\(place)", for: patience)
        var source = try place.open(access, attempts: Self.attempts) { try time.check() }
        guard let document = try source.manifest(tag: RemoteBuild.tag(of: key)) else { return nil }
        let build = try read(document, RemoteBuild.tag(of: key), from: &source)
        guard let outputs = build.outputs(for: key, named: names) else {
            throw RemoteCacheError.foreign(
                RemoteBuild.tag(of: key), "what is there was made with other inputs, of \(build.identity)")
        }
        guard let cache else { return outputs }
        for output in outputs { try fetch(output, from: &source, into: cache, time) }
        return outputs
    }

    /// Reads what a manifest says of a build, once somebody who is trusted is known to have signed it.
    ///
    /// - Parameter tag: for errors.
    /// - Throws: as `take`.
    func read(
        _ document: ManifestDocument, _ tag: String, from source: inout some BlobSource & ~Copyable
    ) throws -> RemoteBuild {
        let manifest = try ImageManifest(parsing: document)
        guard manifest.artifactType == MediaType.package, let text = manifest.annotations[RemoteBuild.annotation] else {
            throw RemoteCacheError.foreign(tag, "what is there is no build")
        }
        let bytes = Array(text.utf8)
        try checkSignature(of: bytes, manifest, document, tag, in: &source)
        return try RemoteBuild(parsing: bytes)
    }

    /// The signatures are over the build itself or, as cosign makes them, over the manifest that holds it.
    private func checkSignature(
        of build: [UInt8], _ manifest: ImageManifest, _ document: ManifestDocument, _ tag: String,
        in source: inout some BlobSource & ~Copyable
    ) throws {
        let check = SignatureCheck(keys: keys)
        let own = try manifest.annotations[RemoteBuild.signatureAnnotation].map {
            try check.verdict(Array($0.utf8), over: build, named: "its signature")
        }
        if case .signed? = own { return }
        switch try check.verdict(for: document, in: &source, acceptsImageSignature: false) {
        case .signed: return
        case .untrusted(let reasons): throw RemoteCacheError.untrusted(tag, reasons.joined(separator: "; "))
        case .unread(let forms):
            throw RemoteCacheError.untrusted(
                tag, "it is signed in a form that is not read: \(forms.joined(separator: ", "))")
        case .unsigned:
            guard case .untrusted(let reasons)? = own else {
                throw RemoteCacheError.untrusted(tag, "what is there has no signature")
            }
            throw RemoteCacheError.untrusted(tag, reasons.joined(separator: "; "))
        }
    }

    /// Brings a layer into the cache of this machine, unless it is there; its digest is checked on the way.
    private func fetch(
        _ output: BuildOutput, from source: inout some BlobSource & ~Copyable, into cache: BuildCache,
        _ time: RequestTime
    ) throws {
        guard let layer = output.layer, try !cache.holds(output) else { return }
        // What another boatyard has half fetched is its own, and a build that begins leaves ours.
        let lock = try FileLock(cache.fetchLock)
        defer { withExtendedLifetime(lock) {} }
        guard try !cache.holds(output) else { return }
        let folder = try PrivateFolder(in: cache.folder.appending("work"), prefix: "cached")
        let handle = try DirectoryHandle(root: folder.path)
        let file = try PendingFile("layer", in: handle, mode: 0o644, owner: ThisProcess.owner)
        time.extend(for: output.size)
        try source.read(Descriptor(mediaType: MediaType.layer, digest: layer, size: Int(output.size)), from: 0) {
            try file.write($0)
        }
        try file.commit()
        try cache.take(folder.path.appending("layer"), as: layer)
    }
}
