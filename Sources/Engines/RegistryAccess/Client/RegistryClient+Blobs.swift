import Cryptography
import HTTPTransfer
import ImageModel
import LinuxSystem
package import RegistryModel

extension RegistryClient: BlobSource {
    /// Streams a blob from a byte offset to its end, over broken connections, from one place after the other.
    ///
    /// - Throws: `RegistryError`, `corrupted` after the last byte when all was read and the digest is wrong; what
    ///   `sink` and `checkpoint` throw.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        var progress = BlobProgress(blob, at: offset)
        guard offset == 0, check == .bySource else { return try stream(&progress, sink) }
        if isHeld(blob) {
            let bytes = try heldBytes(of: blob)
            return try sink(bytes.span)
        }
        var hasher = try SHA256Hasher()
        try stream(&progress) { bytes in
            try hasher.update(bytes)
            try sink(bytes)
        }
        let digest = try hasher.finish()
        guard digest == blob.digest else { throw wrong(digest, of: blob) }
    }

    /// A blob whose content is not what its descriptor says.
    func wrong(_ digest: Digest, of blob: Descriptor) -> RegistryError {
        .corrupted("reading the blob", blobName(blob), "its content has the digest \(digest.registryText)")
    }

    /// Delivers the rest of a blob.
    private mutating func stream(_ progress: inout BlobProgress, _ deliver: (Span<UInt8>) throws -> Void) throws {
        let places = places
        for place in places {
            do {
                return try stream(&progress, at: place, deliver)
            } catch let error as RegistryError {
                // The receiver's own errors are final, whatever their type.
                if progress.isRefused || place == places.last { throw error }
                try giveUp(place, error)
            }
        }
    }

    /// Delivers the rest of a blob from one place.
    mutating func stream(
        _ progress: inout BlobProgress, at place: Int, _ deliver: (Span<UInt8>) throws -> Void
    ) throws {
        let question = blobQuestion(progress.blob)
        var patience = patience(at: place)
        var hasAuthenticated = false
        while !progress.isComplete {
            let request = try blobRequest(progress, question, at: place)
            let before = progress.position
            let end = try attempt(request, question, &progress, deliver)
            patience.received(progress.position - before)
            switch end {
            case .complete: return
            case .unauthorized(let document):
                guard !hasAuthenticated else { throw question.refusal(document) }
                hasAuthenticated = true
                try authenticate(document, question, at: place)
            case .withoutRanges: progress.asksForRanges = false
            case .later(let error, let head):
                guard let pause = patience.pause(after: head, isStandstill: error.isStandstill) else { throw error }
                hasAuthenticated = false
                try pool.wait(until: .after(pause), checkpoint: checkpoint)
            }
        }
    }

    private func blobRequest(
        _ progress: BlobProgress, _ question: Question, at place: Int
    ) throws(RegistryError) -> HTTPRequest {
        do throws(HTTPError) {
            var request = HTTPRequest(.get, try endpoints[place].address(question.path))
            request.authorization = authorization(at: place, .pull)
            request.range = progress.range
            request.longestBody = progress.blob.size
            return request
        } catch {
            throw question.failure(error)
        }
    }

    /// Sends one request and delivers what comes.
    private mutating func attempt(
        _ request: HTTPRequest, _ question: Question, _ progress: inout BlobProgress,
        _ deliver: (Span<UInt8>) throws -> Void
    ) throws -> BlobProgress.End {
        let id: HTTPTransferID
        do { id = try pool.start(request) } catch { throw question.failure(error) }
        defer { pool.cancel(id) }
        progress.begin(request, question)
        while true {
            try checkpoint()
            switch try pool.next() {
            case .idle: break
            case .head(_, let head): try progress.take(head)
            case .bytes(_, let bytes): try progress.take(bytes, deliver)
            case .ended: return try progress.end()
            case .failed(_, let error): return try progress.end(after: error)
            }
        }
    }

    func blobQuestion(_ blob: Descriptor) -> Question {
        Question("blobs/\(blob.digest.registryText)", "reading the blob", blobName(blob))
    }

    /// The blob for messages: the file's name where it has one.
    func blobName(_ blob: Descriptor) -> String {
        let name = blob.annotations[MediaType.title].map { "\($0.quoted) " } ?? ""
        return "\(name)\(blob.digest.registryText) of \(reference.name)"
    }
}

extension RegistryClient {
    /// The largest blob that is held in memory until its digest is known, in bytes.
    static let longestHeldBlob = 1 << 20

    /// Whether a blob is small, and there is a second place to ask when the first has it wrong.
    func isHeld(_ blob: Descriptor) -> Bool {
        places.count > 1 && (1...Self.longestHeldBlob).contains(blob.size)
    }

    /// Reads a small blob from the first place whose copy has the right digest.
    ///
    /// Nothing is delivered before, so that a mirror's rotten copy costs a request and not the upgrade. The receiver of a
    /// larger blob has its bytes when the digest is known; there is no second place to ask then.
    ///
    /// - Throws: what the last place is told; what `checkpoint` throws.
    mutating func heldBytes(of blob: Descriptor) throws -> [UInt8] {
        let places = places
        for place in places.dropLast() {
            do {
                return try heldBytes(of: blob, at: place)
            } catch let error as RegistryError {
                try giveUp(place, error)
            }
        }
        return try heldBytes(of: blob, at: places.last ?? 0)
    }

    private mutating func heldBytes(of blob: Descriptor, at place: Int) throws -> [UInt8] {
        var progress = BlobProgress(blob, at: 0)
        var bytes: [UInt8] = []
        try stream(&progress, at: place) { piece in bytes.append(contentsOf: piece) }
        let digest = try SHA256Hasher.digest(of: bytes)
        guard digest == blob.digest else { throw wrong(digest, of: blob) }
        return bytes
    }
}
