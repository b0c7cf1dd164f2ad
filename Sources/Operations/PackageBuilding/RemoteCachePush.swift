import BuildPlanning
package import Cryptography
import ImageModel
import PackageModel
import PackageRepositories
package import PackageSpecs
import RegistryAccess
import RegistryModel

/// Writes what was built here to a cache elsewhere, so that others need not build it.
///
/// The tag comes last: what is cut before is a miss for those who ask. What came from a cache elsewhere is not written
/// again, because who signs vouches for what was built here.
package struct RemoteCachePush {
    /// What was written.
    package struct Outcome: Sendable {
        /// The packages that the cache has got now.
        package var written: [String] = []
        /// Why not all of them were; nil when all are there.
        package var note: String?

        /// Nothing so far.
        package init() {}
    }

    /// A build that may be written.
    private struct Part {
        let package: PackageSpec
        let key: String
        let buildKey: String?
        let outputs: [BuildOutput]
    }

    private let cache: BuildCache
    private let parts: [Part]

    /// Gathers what was built here.
    ///
    /// - Parameter packages: those of the layer.
    /// - Throws: `SystemError` when the cache of this machine cannot be read.
    package init(_ packages: [PackageSpec], _ summary: BuildSummary, from cache: BuildCache) throws {
        self.cache = cache
        parts = try packages.compactMap { package in
            guard let key = summary.artefactKeys[package.identity], let record = try cache.record(key),
                record.origin == nil, record.outputs.count == package.outputs.count
            else { return nil }
            return Part(
                package: package, key: key, buildKey: summary.buildKeys[package.identity], outputs: record.outputs)
        }
    }

    /// Writes what the first of the caches lacks; the first thing that fails ends it.
    ///
    /// - Parameter tell: is told of each package that the cache has now.
    package func push(
        to caches: RemoteCaches, signedWith key: borrowing SigningKey, tell: (String) -> Void = { _ in }
    ) -> Outcome {
        var outcome = Outcome()
        guard let remote = caches.caches.first else { return outcome }
        guard !caches.isOffline || remote.place.isLocal else {
            outcome.note = "nothing was written to the cache \(remote.place), because --offline asks nobody"
            return outcome
        }
        do {
            let time = RequestTime("\(remote.place)")
            var target = try remote.place.open(remote.access, makes: true, attempts: RemoteCache.attempts) {
                try time.check()
            }
            for part in parts {
                time.extend(for: part.outputs.reduce(0) { $0 + $1.size })
                if try Self.isThere(part, remote, &target) { continue }
                try push(part, to: &target, remote.place, key)
                outcome.written.append(part.package.identity)
                tell(part.package.identity)
            }
        } catch {
            outcome.note =
                "\(outcome.written.count) of the packages were written to the cache \(remote.place): \(error)"
        }
        return outcome
    }

    /// Whether the cache has it so that those who ask can use it.
    private static func isThere(_ part: Part, _ remote: RemoteCache, _ target: inout AnyTarget) throws -> Bool {
        let tag = RemoteBuild.tag(of: part.key)
        guard let document = try target.manifest(tag: tag) else { return false }
        do {
            let names = part.package.outputs.map(\.name)
            guard let outputs = try remote.read(document, tag, from: &target).outputs(for: part.key, named: names)
            else { return false }
            return try outputs.allSatisfy { output in
                guard let layer = output.layer else { return true }
                return try target.hasBlob(
                    Descriptor(mediaType: MediaType.layer, digest: layer, size: Int(output.size)))
            }
        } catch  where !RemoteCaches.isOfPlace(error) {
            return false
        }
    }

    private func push(
        _ part: Part, to target: inout AnyTarget, _ place: RepositoryPlace, _ key: borrowing SigningKey
    ) throws {
        for (number, metadata) in part.package.outputs.enumerated().reversed() {
            let package = BuiltPackage(metadata, part.outputs[number], cache, key: part.buildKey)
            let documents = try PackageDocuments(package, annotations: number == 0 ? Self.annotations(part, key) : [:])
            if let layer = package.layer {
                let blob = Descriptor(mediaType: MediaType.layer, digest: layer.digest, size: layer.size)
                _ = try target.push(blob, .file(layer.path))
            }
            _ = try target.push(documents.config.descriptor, .bytes(documents.config.bytes))
            if number == 0 { try sign(documents.manifest, in: &target, place, key) }
            try target.tag(documents.manifest, as: RemoteBuild.tag(of: part.key, part: number == 0 ? nil : number))
        }
    }

    private static func annotations(
        _ part: Part, _ key: borrowing SigningKey
    ) throws(CryptographyError) -> [String: String] {
        let build = RemoteBuild(part.package.identity, key: part.key, outputs: part.outputs).serialized()
        let signatures = SignatureFile(signatures: [try key.sign(build)]).serialized()
        return [
            RemoteBuild.annotation: String(decoding: build, as: UTF8.self),
            RemoteBuild.signatureAnnotation: String(decoding: signatures, as: UTF8.self),
        ]
    }

    /// As cosign does it, for those who look at the cache with its tools.
    private func sign(
        _ manifest: ManifestDocument, in target: inout AnyTarget, _ place: RepositoryPlace,
        _ key: borrowing SigningKey
    ) throws {
        let config = try PackageDocuments.emptyConfig()
        _ = try target.push(config.descriptor, .bytes(config.bytes))
        try target.signNew(manifest.digest, named: place.reference, with: key)
    }
}
