import Cryptography
import Faults
import HTTPTransfer
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage

extension RegistryClient {
    /// Asks the registry itself (never a mirror) whether it has a blob.
    ///
    /// - Throws: `RegistryError` for every answer other than yes and no.
    package mutating func hasBlob(_ blob: Descriptor) throws -> Bool {
        var question = Question(
            "blobs/\(blob.digest.registryText)", "asking for the blob", blobName(blob))
        question.method = .head
        question.access = .push
        let document = try ask(question, at: origin)
        switch document.head.status {
        case 200: return true
        case 404: return false
        default: throw question.refusal(document)
        }
    }

    /// Stores a blob, unless the registry has it.
    ///
    /// The bytes are read while they are sent. The registry computes the digest and refuses another one.
    ///
    /// - Returns: whether anything was sent.
    /// - Throws: `RegistryError`; `corrupted` when size or content are not those of the descriptor.
    @discardableResult
    package mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool {
        let body = try body(blob, content)
        if try hasBlob(blob) { return false }
        try send(blob, body)
        return true
    }

    /// Stores a blob without asking first whether the registry has it; for what nobody can have stored before, or what is
    /// so short that the question costs as much.
    ///
    /// - Throws: as `push`.
    package mutating func pushNew(_ blob: Descriptor, _ content: BlobContent) throws {
        try send(blob, try body(blob, content))
    }

    private func body(_ blob: Descriptor, _ content: BlobContent) throws(RegistryError) -> HTTPRequest.Body {
        let body = content.body(size: blob.size)
        guard body.size == blob.size else {
            throw .corrupted("pushing the blob", blobName(blob), "there are \(body.size) bytes of it")
        }
        return body
    }

    private mutating func send(_ blob: Descriptor, _ content: HTTPRequest.Body) throws {
        var patience = patience(at: origin)
        while true {
            let (error, head) = try upload(blob, content)
            guard let error else { return }
            guard error.kind == .unreachable,
                let pause = patience.pause(after: head, isStandstill: error.isStandstill)
            else { throw error }
            try pool.wait(until: .after(pause), checkpoint: checkpoint)
        }
    }

    /// Sends a blob once; an upload that broke is begun anew by the caller.
    private mutating func upload(
        _ blob: Descriptor, _ content: HTTPRequest.Body
    ) throws -> (RegistryError?, HTTPHead?) {
        var question = Question("blobs/uploads/", "pushing the blob", blobName(blob))
        question.method = .post
        question.access = .push
        let opened = try ask(question, at: origin)
        guard opened.head.status == 202, let location = opened.head["Location"] else {
            throw question.refusal(opened)
        }
        do {
            let separator = location.contains("?") ? "&" : "?"
            let digest = TokenQuestion.escaped(blob.digest.registryText)
            let address = try opened.head.address.following("\(location)\(separator)digest=\(digest)")
            var request = HTTPRequest(.put, address)
            request.headers = [("Content-Type", "application/octet-stream")]
            request.body = content
            request.longestBody = Self.longestAnswer
            if address.hasSameOrigin(as: endpoints[origin].base) {
                request.authorization = authorization(at: origin, .push)
            }
            let document = try pool.document(request, checkpoint: checkpoint)
            return (document.head.status == 201 ? nil : refusal(document, question), document.head)
        } catch let error as HTTPError {
            return (question.failure(error), nil)
        }
    }

    private func refusal(_ document: HTTPDocument, _ question: Question) -> RegistryError {
        var error = question.refusal(document)
        // DIGEST_INVALID and SIZE_INVALID (distribution specification, "Error Codes").
        if document.head.status == 400 { error.kind = .corrupted }
        return error
    }

    /// Stores a manifest under a tag, or by its digest alone; what it names must be there before.
    ///
    /// - Returns: its digest.
    /// - Throws: `RegistryError`.
    @discardableResult
    package mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String? = nil) throws -> Digest {
        let digest = try SHA256Hasher.digest(of: bytes)
        let name = tag ?? digest.registryText
        var question = Question("manifests/\(name)", "pushing the manifest", "\(reference.name) \(name)")
        question.method = .put
        question.access = .push
        question.headers = [("Content-Type", mediaType)]
        question.body = .bytes(bytes)
        let document = try ask(question, at: origin)
        guard document.head.status == 201 else { throw question.refusal(document) }
        if let stored = document.head["Docker-Content-Digest"], stored != digest.registryText {
            throw RegistryError.corrupted(
                question.operation, question.subject, "the registry stored it as \(stored.quoted)")
        }
        return digest
    }

    /// The number of the registry itself.
    var origin: Int { endpoints.count - 1 }
}

/// Where the bytes of a blob are that is pushed; the descriptor says how many.
package enum BlobContent: Sendable {
    /// In memory.
    case bytes([UInt8])
    /// In a file, from its beginning; read while it is sent.
    case file(FilePath)

    /// The same for a request.
    func body(size: Int) -> HTTPRequest.Body {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let path): .file(path, size: size)
        }
    }
}
