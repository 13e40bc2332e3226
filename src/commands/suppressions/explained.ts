import { Fault, publicFault } from '../../server/errors.ts';

/** What `work` resolves to. @throws what the database refuses as a Fault, whose message is for the person at the terminal */
export async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const fault = publicFault(error);
    throw fault === null ? error : new Fault(fault.code, fault.message, { cause: error });
  }
}
