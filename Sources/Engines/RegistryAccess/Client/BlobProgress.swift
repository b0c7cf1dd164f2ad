import Faults
import HTTPTransfer
import ImageModel
import RegistryModel

/// Knows how far a blob was delivered, and what each answer adds to that.
struct BlobProgress {
    /// How one request ended.
    enum End {
        /// All of the blob is there.
        case complete
        /// Credentials are wanted.
        case unauthorized(HTTPDocument)
        /// The server has no ranges, the whole must be asked for.
        case withoutRanges
        /// Nothing or not all came; the error is for when it is not tried again.
        case later(RegistryError, HTTPHead?)
    }

    let blob: Descriptor
    /// The next byte of the blob that the receiver has not got.
    private(set) var position: Int
    /// Whether the rest is asked for by a range.
    var asksForRanges = true
    /// Whether the receiver threw an error.
    private(set) var isRefused = false

    private var question: Question
    private var head: HTTPHead?
    private var isWhole = false
    /// Bytes of an answer with the whole blob that the receiver already has.
    private var superfluous = 0
    private var explanation: [UInt8] = []

    init(_ blob: Descriptor, at position: Int) {
        self.blob = blob
        self.position = position
        question = Question("", "", "")
    }

    var isComplete: Bool { position >= blob.size }

    /// The bytes to ask for; nil for the whole blob.
    var range: Range<Int>? { position > 0 && asksForRanges && !isComplete ? position..<blob.size : nil }

    /// Begins with the answer to another request.
    mutating func begin(_ request: HTTPRequest, _ question: Question) {
        self.question = question
        (head, isWhole, superfluous, explanation) = (nil, request.range == nil, 0, [])
    }

    /// Takes the head of an answer.
    ///
    /// - Throws: `RegistryError` when it announces something else than this blob, or a success of another kind.
    mutating func take(_ head: HTTPHead) throws(RegistryError) {
        self.head = head
        switch head.status {
        case 200:
            superfluous = position
            if let length = head.contentLength, length != blob.size {
                throw corrupted("\(head.address.authority) announces \(length) bytes instead of \(blob.size)")
            }
        case 206:
            guard !isWhole, let answer = head.contentRange, answer.range.lowerBound == position,
                answer.range.upperBound <= blob.size, answer.total ?? blob.size == blob.size
            else {
                let range = (head["Content-Range"] ?? "nothing").quoted
                throw .misbehaving(
                    question.operation, question.subject, "asked for byte \(position) and on, it sent \(range)")
            }
        // Of these the pool gives the whole body, which is no short explanation and may be endless.
        case 201..<300: throw question.refusal(HTTPDocument(head: head, body: []))
        default: break
        }
    }

    /// Takes bytes of the body and delivers those that are new.
    ///
    /// - Throws: what the receiver throws; `RegistryError` when there are more than there can be.
    mutating func take(_ bytes: [UInt8], _ deliver: (Span<UInt8>) throws -> Void) throws {
        guard head?.status == 200 || head?.status == 206 else {
            explanation += bytes
            return
        }
        let skipped = min(superfluous, bytes.count)
        superfluous -= skipped
        let count = bytes.count - skipped
        guard count > 0 else { return }
        guard count <= blob.size - position else { throw tooLong }
        do {
            try deliver(bytes.span.extracting(skipped..<bytes.count))
        } catch {
            isRefused = true
            throw error
        }
        position += count
    }

    /// Judges a complete answer.
    func end() throws(RegistryError) -> End {
        guard let head else { throw .misbehaving(question.operation, question.subject, "there is no answer") }
        switch head.status {
        case 200, 206:
            if isComplete { return .complete }
            return .later(corrupted("it ends after \(position) of \(blob.size) bytes"), nil)
        case 401: return .unauthorized(HTTPDocument(head: head, body: explanation))
        case 400 where !isWhole, 416 where !isWhole, 501 where !isWhole: return .withoutRanges
        default:
            let refusal = question.refusal(HTTPDocument(head: head, body: explanation))
            guard head.asksForPatience else { throw refusal }
            return .later(refusal, head)
        }
    }

    /// Judges an answer that broke off.
    func end(after error: HTTPError) throws(RegistryError) -> End {
        if error.kind == .tooLarge { throw tooLong }
        guard error.isTransient else { throw question.failure(error) }
        return .later(question.failure(error), nil)
    }

    private var tooLong: RegistryError { corrupted("there are more than the \(blob.size) bytes that it should have") }

    private func corrupted(_ cause: String) -> RegistryError {
        .corrupted(question.operation, question.subject, cause)
    }
}
