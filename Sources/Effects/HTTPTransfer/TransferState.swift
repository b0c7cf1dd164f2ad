import CCurl
import Glibc
import LinuxSystem
import SystemPackage

/// Holds what libcurl's calls back into Swift work on: only bytes and flags, so that no Swift error and no closure of a
/// caller is ever run inside C.
final class TransferState {
    /// Bytes kept for the caller before libcurl is told to wait.
    static let capacity = 256 << 10
    /// Bytes taken of the body of a redirect or a refusal.
    static let longestExplanation = 64 << 10

    /// Status and headers so far.
    var head: HTTPHead
    /// Bytes of headers so far.
    private var headerLength = 0
    /// Whether the headers of the final answer are complete.
    private(set) var headIsComplete = false
    /// Bytes of the body that the caller has not taken yet.
    private var pending: [UInt8] = []
    /// What the caller got last: when it is done with that, its memory takes the next bytes.
    private var given: [UInt8] = []
    /// Bytes of the body that came, redirects included.
    private(set) var received = 0
    /// Bytes of the body of the answer that counts.
    private var length = 0
    /// Whether libcurl waits for the caller.
    private(set) var isPaused = false
    /// Whether the rest of a text for people was refused, which is no failure.
    private(set) var isCut = false
    /// Why a call told libcurl to give up.
    private(set) var fault: HTTPError?

    private let longestBody: Int?
    private let body: HTTPRequest.Body
    private let file: OwnedDescriptor?
    private var sent = 0
    private let operation: String

    /// - Throws: `HTTPError` when the file to send cannot be opened.
    init(_ request: HTTPRequest) throws(HTTPError) {
        operation = request.method.rawValue
        head = HTTPHead(from: request.address)
        longestBody = request.longestBody
        body = request.body
        guard case .file(let path, _) = request.body else {
            file = nil
            return
        }
        do throws(Errno) {
            file = try OwnedDescriptor(opening: path)
        } catch {
            throw .upload(request.method.rawValue, path.string, "\(error)")
        }
    }

    /// Begins anew at the target of a redirect.
    func restart(at address: HTTPAddress) {
        head = HTTPHead(from: address)
        (headerLength, headIsComplete, length, sent, isPaused, isCut) = (0, false, 0, 0, false, false)
        pending.removeAll()
    }

    /// Gives the bytes that came, and says whether libcurl waits for that.
    func takePending() -> [UInt8] {
        given.removeAll(keepingCapacity: true)
        swap(&pending, &given)
        return given
    }

    /// Whether bytes wait for the caller.
    var hasPending: Bool { !pending.isEmpty }

    /// Notes that libcurl was told to go on.
    func resumed() { isPaused = false }

    func take(header: UnsafeRawBufferPointer) -> Bool {
        headerLength += header.count
        guard headerLength <= HTTPHead.longest else {
            return fail(.tooLarge(operation, subject, limit: HTTPHead.longest))
        }
        let line = unsafe Array(header)
        if line == [0x0D, 0x0A] || line == [0x0A] {
            // After 1xx and after a proxy's answer another head follows.
            headIsComplete = head.status >= 200
        } else {
            head.take(line: line)
            headIsComplete = false
        }
        return true
    }

    /// Takes bytes of the body; nil when libcurl is to wait and bring them again.
    func take(body bytes: UnsafeRawBufferPointer) -> Bool? {
        if head.isRedirect { return discard(bytes.count) }
        if !pending.isEmpty, pending.count + bytes.count > Self.capacity {
            isPaused = true
            return nil
        }
        received += bytes.count
        length += bytes.count
        guard (200..<300).contains(head.status) else { return unsafe keep(explanation: bytes) }
        if let longestBody, length > longestBody { return fail(.tooLarge(operation, subject, limit: longestBody)) }
        unsafe pending.append(contentsOf: bytes)
        return true
    }

    /// The text of a redirect is for people; an endless one is cut, and the redirect followed all the same.
    private func discard(_ count: Int) -> Bool {
        received += count
        length += count
        isCut = length > Self.longestExplanation
        return !isCut
    }

    /// Keeps the beginning of what a server says about its refusal.
    private func keep(explanation bytes: UnsafeRawBufferPointer) -> Bool {
        isCut = length > Self.longestExplanation
        if !isCut { unsafe pending.append(contentsOf: bytes) }
        return !isCut
    }

    /// Fills a buffer with the next bytes to send; nil on failure.
    func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count = min(buffer.count, body.size - sent)
        guard count > 0 else { return 0 }
        switch body {
        case .empty: return 0
        case .bytes(let bytes): unsafe buffer.copyBytes(from: bytes[sent..<sent + count])
        case .file(let path, _):
            guard let read = unsafe read(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), path) else {
                return nil
            }
            sent += read
            return read
        }
        sent += count
        return count
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer, _ path: FilePath) -> Int? {
        guard let descriptor = file.descriptor else { return nil }
        let place = Int64(sent)
        do throws(Errno) {
            let count = try catchingErrno { try unsafe descriptor.read(fromAbsoluteOffset: place, into: buffer) }
            if count > 0 { return count }
            _ = fail(.upload(operation, path.string, "it ends after \(sent) of \(body.size) bytes"))
        } catch {
            _ = fail(.upload(operation, path.string, "\(error)"))
        }
        return nil
    }

    /// Goes to a place in what is sent.
    func rewind(to place: Int) -> Bool {
        guard (0...body.size).contains(place) else { return false }
        sent = place
        return true
    }

    private var subject: String { head.address.withoutQuery }

    /// Bytes of bodies that came or went; less than before when the sending began anew.
    var moved: Int { received + sent }

    /// Notes the first reason to give up; false, as libcurl wants it.
    @discardableResult
    func fail(_ error: HTTPError) -> Bool {
        fault = fault ?? error
        return false
    }
}
