import Faults
import HTTPTransfer
import ImageModel
import LinuxSystem
import RegistryModel

/// Knows which ranges of a blob are still to come, and from which requests.
struct RangeWork {
    /// What to do after the head of an answer.
    enum Verdict {
        /// Nothing, the bytes may come.
        case good
        /// End this request; its range will be asked for again.
        case cancel(HTTPTransferID)
        /// End everything: there are no ranges here.
        case unsupported
        /// Get credentials and begin again.
        case unauthorized(HTTPDocument)
    }

    let blob: Descriptor
    private(set) var question: Question
    /// When requests may be sent again after a failure.
    private(set) var resumption = Deadline.after(.zero)
    /// Whether the receiver threw an error.
    private(set) var isRefused = false

    private var waiting: [Range<Int>]
    private var running: [HTTPTransferID: Range<Int>] = [:]
    /// Requests that were under way when another failed; their first failure is not counted again.
    private var excused: Set<HTTPTransferID> = []
    private var patience = Patience(RetryPolicy(), attempts: 1)
    private var hasAuthenticated = false

    init(_ blob: Descriptor, _ ranges: [Range<Int>]) {
        self.blob = blob
        // The last is taken first.
        waiting = ranges.filter { !$0.isEmpty }.reversed()
        question = Question("", "", "")
    }

    /// Begins at another place.
    mutating func begin(_ question: Question, _ patience: Patience) {
        self.question = question
        self.patience = patience
        hasAuthenticated = false
        resumption = .after(.zero)
        excused = []
    }

    var isComplete: Bool { waiting.isEmpty && running.isEmpty }

    /// The range to ask for next; nil when there is none or a pause is not over.
    var nextRange: Range<Int>? { resumption.isPast ? waiting.last : nil }

    /// Notes which request brings the next range.
    mutating func started(_ id: HTTPTransferID) { running[id] = waiting.popLast() }

    /// Takes back what all requests have not brought.
    mutating func interrupt() {
        waiting += running.values.filter { !$0.isEmpty }.sorted { $0.lowerBound > $1.lowerBound }
        running = [:]
        excused = []
    }

    /// Judges the head of an answer.
    mutating func take(_ head: HTTPHead, of id: HTTPTransferID) throws(RegistryError) -> Verdict {
        guard let range = running[id] else { return .cancel(id) }
        let document = HTTPDocument(head: head, body: [])
        switch head.status {
        case 206:
            if head.mediaType == "multipart/byteranges" { return .unsupported }
            try check(head, range)
            return .good
        case 200, 400, 416, 501: return .unsupported
        case 401:
            guard !hasAuthenticated else { throw question.refusal(document) }
            hasAuthenticated = true
            return .unauthorized(document)
        default:
            let refusal = question.refusal(document)
            guard head.asksForPatience else { throw refusal }
            try again(id, refusal, head)
            return .cancel(id)
        }
    }

    private func check(_ head: HTTPHead, _ range: Range<Int>) throws(RegistryError) {
        guard let answer = head.contentRange, answer.range == range, answer.total ?? blob.size == blob.size else {
            let sent = (head["Content-Range"] ?? "nothing").quoted
            throw .misbehaving(
                question.operation, question.subject,
                "asked for bytes \(range.lowerBound)-\(range.upperBound - 1), it sent \(sent)")
        }
    }

    /// Delivers bytes at their place.
    ///
    /// - Throws: what the receiver throws; `RegistryError` when there are more than were asked for.
    mutating func take(
        _ bytes: [UInt8], of id: HTTPTransferID, _ sink: (Int, Span<UInt8>) throws -> Void
    ) throws {
        guard let range = running[id] else { return }
        guard bytes.count <= range.count else { throw tooLong(range) }
        do {
            try sink(range.lowerBound, bytes.span)
        } catch {
            isRefused = true
            throw error
        }
        running[id] = range.dropFirst(bytes.count)
        patience.received(bytes.count)
        hasAuthenticated = false
    }

    /// Takes the end of a request; what is missing will be asked for again.
    mutating func end(of id: HTTPTransferID, after error: HTTPError? = nil) throws(RegistryError) {
        guard let range = running[id] else { return }
        if error?.kind == .tooLarge { throw tooLong(range) }
        if let error, !error.isTransient { throw question.failure(error) }
        if range.isEmpty {
            running[id] = nil
        } else {
            let short = RegistryError.corrupted(
                question.operation, question.subject, "\(range.count) bytes at \(range.lowerBound) did not come")
            try again(id, error.map(question.failure) ?? short, nil)
        }
    }

    /// Puts a range back and pauses, unless there were enough failures.
    ///
    /// What fails together counts once: otherwise one hiccup of the server, which all requests under way meet, would use up
    /// all attempts.
    private mutating func again(
        _ id: HTTPTransferID, _ error: RegistryError, _ head: HTTPHead?
    ) throws(RegistryError) {
        if let range = running.removeValue(forKey: id) { waiting.append(range) }
        if excused.remove(id) != nil {
            // It counts no more, but a server that asks for patience gets it.
            if let pause = patience.granted(head), pause > resumption.remaining ?? .zero { resumption = .after(pause) }
            return
        }
        guard let pause = patience.pause(after: head, isStandstill: error.isStandstill) else { throw error }
        resumption = .after(pause)
        excused = Set(running.keys)
    }

    private func tooLong(_ range: Range<Int>) -> RegistryError {
        .corrupted(
            question.operation, question.subject, "more bytes came than the \(range.count) at \(range.lowerBound)")
    }
}
