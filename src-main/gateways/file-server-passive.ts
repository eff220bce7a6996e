import { type Client, enterPassiveModeIPv6, type FTPContext, FTPError, type FTPResponse } from 'basic-ftp'
import { connectForPassiveTransfer, parsePasvResponse } from 'basic-ftp/dist/transfer.js'

/**
 * How the channel of the data is opened: EPSV (RFC 2428), else PASV with the port that the server says on the host one is
 * talking to. The address in the answer to PASV is never used: behind a router it is a wrong one, and from a hostile
 * server it is a way to reach somebody else.
 */
export function goPassive(client: Client): void {
  client.prepareTransfer = async (ftp) => {
    try {
      const reply = await enterPassiveModeIPv6(ftp)
      client.prepareTransfer = enterPassiveModeIPv6
      return reply
    } catch (error) {
      if (ftp.closed) throw error
      const reply = await pasv(ftp).catch((second: unknown) => {
        // A server that knows EPSV is judged by it.
        throw error instanceof FTPError ? second : error
      })
      client.prepareTransfer = pasv
      return reply
    }
  }
}

async function pasv(ftp: FTPContext): Promise<FTPResponse> {
  const reply = await ftp.request('PASV')
  const { port } = parsePasvResponse(reply.message)
  await connectForPassiveTransfer(ftp.socket.remoteAddress ?? '', port, ftp)
  return reply
}
